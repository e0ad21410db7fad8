namespace OrleansPool.Bench.LimitLab.Simulation;

/// <summary>What a stream of random numbers is for.</summary>
internal enum Purpose
{
    Arrivals = 1,
    Work,
    Upstream,
    Network,
    Faults,
    Laws,
}
