namespace OrleansPool.Bench.LimitLab.Upstream;

/// <summary>How a host is doing; a phase of the scenario changes it.</summary>
internal sealed record HostState
{
    /// <summary>Calls it works on at once.</summary>
    public required int Slots { get; init; }

    /// <summary>Service time by method.</summary>
    public required IReadOnlyList<ServiceTime> Service { get; init; }

    /// <summary>Mean service time of the calls as they arrive, over all methods.</summary>
    public required TimeSpan MeanService { get; init; }

    /// <summary>Longest line before its slots; beyond, it pushes back.</summary>
    public int Queue { get; init; } = int.MaxValue;

    /// <summary>Calls at it above which it pushes back at once.</summary>
    public int PushBackAbove { get; init; } = int.MaxValue;

    /// <summary>Share of the calls that fail at once.</summary>
    public double Failing { get; init; }

    /// <summary>What those say.</summary>
    public Answer FailsAs { get; init; } = Answer.Failure;

    /// <summary>How long every call hangs without a slot and without an answer; zero: none does.</summary>
    public TimeSpan Hang { get; init; }

    /// <summary>How much longer a call takes for each slot's worth of calls beyond the slots, as a share: an upstream that thrashes.</summary>
    public double Strain { get; init; }

    /// <summary>True when a call whose caller left is not worked on any more once it reaches a slot.</summary>
    public bool NoticesCancel { get; init; }
}
