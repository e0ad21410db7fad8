using OrleansPool.Bench.LimitLab.Metrics;
using OrleansPool.Bench.LimitLab.Scenarios;

namespace OrleansPool.Lab.Tests.Metrics;

/// <summary>A trace by hand: 2000 calls per second arrive at an upstream that can serve 1000 with 50 in flight, and are served as told.</summary>
internal sealed class TraceUnderTest
{
    public const double Optimal = 50;
    private const int Arriving = 500;
    private const int Served = 250;

    private readonly Trace _trace = new();
    private readonly List<Phase> _phases = [];
    private TimeSpan _at;

    public MeasurePlan Measure { get; init; } = new() { WarmUp = TimeSpan.Zero };

    /// <summary>A phase in which each step is like the last one.</summary>
    public TraceUnderTest Phase(double seconds, Func<TraceTick, TraceTick>? change = null, bool isFault = false)
    {
        var length = TimeSpan.FromSeconds(seconds);
        _phases.Add(new Phase { For = length, Quick = length, Load = 2, IsFault = isFault });
        for (var end = _at + length; _at < end;)
        {
            _at += Trace.Step;
            var tick = new TraceTick { At = _at, Phase = _phases.Count - 1, Limit = Optimal, InFlight = Optimal, PeakInFlight = (int)Optimal, Offered = Arriving, Good = Served };
            _trace.Ticks.Add(change is null ? tick : change(tick));
        }

        return this;
    }

    public TraceUnderTest Window(int[] offered, int[] good)
    {
        _trace.Windows.Add(new FairnessWindow(TimeSpan.FromSeconds(100), offered, good));
        return this;
    }

    public Figures Figures()
    {
        var upstream = new UpstreamPlan { Slots = 50 };
        var scenario = new Scenario { Name = "test", Title = "test", Upstream = upstream, Phases = _phases, Measure = Measure };
        var optimum = new Optimum(1000, Optimal, TimeSpan.FromMilliseconds(100), 1);
        return Evaluation.Of(_trace, new Timeline(scenario, [.. _phases.Select(_ => optimum)], isQuick: false));
    }
}
