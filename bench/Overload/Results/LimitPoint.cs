namespace OrleansPool.Bench.Overload.Results;

/// <summary>A look at the pool during a phase.</summary>
/// <param name="Seconds">Since the phase began.</param>
/// <param name="Limit">The limit in force.</param>
/// <param name="InFlight">Calls at the upstream.</param>
/// <param name="Waiting">Calls in the pool's queue.</param>
internal sealed record LimitPoint(double Seconds, int Limit, int InFlight, int Waiting);
