using OrleansPool.Bench.LimitLab.Upstream;

namespace OrleansPool.Bench.LimitLab.Scenarios;

/// <summary>A stretch of time in which load and upstream stay as they are. Whatever a phase does not name is as in the scenario's own plan.</summary>
internal sealed record Phase
{
    /// <summary>How long it lasts in a full run.</summary>
    public required TimeSpan For { get; init; }

    /// <summary>How long it lasts in a quick run.</summary>
    public required TimeSpan Quick { get; init; }

    /// <summary>Calls that arrive, as a multiple of what the upstream of the scenario's own plan can serve.</summary>
    public double Load { get; init; } = 1;

    /// <summary>Slots, as a multiple of the plan's.</summary>
    public double Slots { get; init; } = 1;

    /// <summary>Service times, as a multiple of the plan's.</summary>
    public double Service { get; init; } = 1;

    /// <summary>Share of the calls by method; null: the plan's.</summary>
    public IReadOnlyList<double>? Mix { get; init; }

    /// <summary>Share of the calls that fail in a millisecond.</summary>
    public double Failing { get; init; }

    /// <summary>What those say.</summary>
    public Answer FailsAs { get; init; } = Answer.Failure;

    /// <summary>How long every call hangs, without a slot.</summary>
    public TimeSpan Hang { get; init; }

    /// <summary>Hosts of which <see cref="Hang"/> and <see cref="Slots"/> hold, counted from the first; 0: all.</summary>
    public int OnHosts { get; init; }

    /// <summary>Calls at the upstream above which it pushes back, as a multiple of the plan's slots; 0: none.</summary>
    public double PushBackAbove { get; init; }

    /// <summary>Load that somebody else brings, past the pool, as a multiple of what the plan's upstream can serve.</summary>
    public double Competitor { get; init; }

    /// <summary>Share of the calls that come to one holder; 0: evenly.</summary>
    public double Skew { get; init; }

    /// <summary>After which time the next holder is the one; zero: never.</summary>
    public TimeSpan SkewMoves { get; init; }

    /// <summary>Holders that are up, as a multiple of those at the start.</summary>
    public double Holders { get; init; } = 1;

    /// <summary>True while something is wrong: recovery is measured from its end.</summary>
    public bool IsFault { get; init; }

    public TimeSpan Length(bool quick) => quick ? Quick : For;
}
