namespace OrleansPool.Bench.LimitLab.Scenarios;

/// <summary>The pool's processes and how the endpoint is configured.</summary>
internal sealed record HoldersPlan
{
    /// <summary>How many; --nodes overrides it.</summary>
    public int Count { get; init; } = 8;

    /// <summary>The callers' deadline.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Most calls that wait at one holder.</summary>
    public int Queue { get; init; } = 1000;

    /// <summary>The limit at the very first start.</summary>
    public int Initial { get; init; } = 20;

    public int Floor { get; init; } = 1;

    /// <summary>The limit's ceiling, in multiples of the slots.</summary>
    public double Ceiling { get; init; } = 40;

    /// <summary>Hard cap of connections over all holders, in multiples of the slots.</summary>
    public double Cap { get; init; } = 4;

    /// <summary>Calls that one connection carries at once.</summary>
    public int CallsPerChannel { get; init; } = 1;

    /// <summary>Time to open a connection.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromMilliseconds(5);
}
