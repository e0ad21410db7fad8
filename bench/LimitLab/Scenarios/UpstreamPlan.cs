using OrleansPool.Bench.LimitLab.Upstream;

namespace OrleansPool.Bench.LimitLab.Scenarios;

/// <summary>The upstream when nothing is wrong with it.</summary>
internal sealed record UpstreamPlan
{
    /// <summary>Calls it works on at once, over all hosts; --slots overrides it.</summary>
    public int Slots { get; init; } = 100;

    public int Hosts { get; init; } = 1;

    /// <summary>False: first come, first served. True: all calls share the slots.</summary>
    public bool IsSharing { get; init; }

    /// <summary>Longest line, in multiples of the slots; beyond, it pushes back.</summary>
    public double Queue { get; init; } = 1000;

    public bool NoticesCancel { get; init; }

    public double Strain { get; init; }

    public IReadOnlyList<Method> Methods { get; init; } = [new("call", 1, new ServiceTime(ServiceShape.Lognormal, TimeSpan.FromMilliseconds(50), 0.5), IsStream: false)];
}
