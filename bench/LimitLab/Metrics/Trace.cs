namespace OrleansPool.Bench.LimitLab.Metrics;

/// <summary>All that was seen of a run.</summary>
internal sealed class Trace
{
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    public List<TraceTick> Ticks { get; } = [];

    public List<FairnessWindow> Windows { get; } = [];

    /// <summary>Response times of the upstream over those of an idle one, in the part of the run that counts.</summary>
    public RatioHistogram Upstream { get; } = new();

    /// <summary>The same from the arrival on, waiting for a permit included.</summary>
    public RatioHistogram Whole { get; } = new();

    /// <summary>Most connections that were open beyond the cap at any instant.</summary>
    public int OverCap { get; set; }
}
