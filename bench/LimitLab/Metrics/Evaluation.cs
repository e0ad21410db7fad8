namespace OrleansPool.Bench.LimitLab.Metrics;

/// <summary>Works the figures out of a trace. Pure.</summary>
internal sealed class Evaluation
{
    private const double Percentile = 0.99;

    // In less the limit's ordinary ups and downs give a slope of several percent per hour by themselves.
    private static readonly TimeSpan _leastForDrift = TimeSpan.FromMinutes(30);

    private readonly Trace _trace;
    private readonly Timeline _timeline;
    private readonly List<TraceTick> _counted;

    private Evaluation(Trace trace, Timeline timeline)
    {
        (_trace, _timeline) = (trace, timeline);
        _counted = trace.Ticks.FindAll(tick => tick.At > timeline.Scenario.Measure.WarmUp);
    }

    /// <summary>The figures of a run.</summary>
    public static Figures Of(Trace trace, Timeline timeline)
    {
        var run = new Evaluation(trace, timeline);
        return new Figures(
            run.Goodput(),
            trace.Upstream.Quantile(Percentile),
            trace.Whole.Quantile(Percentile),
            Convergence.Epochs(trace, timeline),
            run.Overshoot(),
            run.ShareOfOffered(tick => tick.RefusedIdle),
            run.ShareOfOffered(tick => tick.QueuedIdle),
            Fairness.Of(trace, timeline),
            run.Drift(),
            run.LostToProbes(),
            Recovery.Seconds(trace, timeline),
            trace.OverCap);
    }

    private double Goodput() => _counted.Sum(tick => (double)tick.Good) / _counted.GroupBy(tick => tick.Phase).Sum(ExpectedIn);

    /// <summary>What the optimum would have brought. Calls count by their work, so that neither chance nor a preference for cheap calls shows as goodput.</summary>
    private double ExpectedIn(IGrouping<int, TraceTick> phase)
    {
        var (offered, good) = (phase.Sum(tick => tick.Offered), phase.Sum(tick => tick.Good));
        var luck = good == 0 ? 1 : phase.Sum(tick => tick.Luck * tick.Good) / good;
        var optimum = _timeline.Optima[phase.Key];
        return Math.Min(offered * optimum.GoodShare, optimum.Capacity * phase.Count() * Trace.Step.TotalSeconds / luck);
    }

    private double Overshoot()
    {
        var measure = _timeline.Scenario.Measure;
        var ticks = measure.IsSettled ? _counted.Where(tick => _timeline.InPhase(tick) > measure.Grace) : _trace.Ticks;
        return ticks.Max(tick => _timeline.Reference(tick) is > 0 and var reference ? tick.PeakInFlight / reference : 0);
    }

    private double ShareOfOffered(Func<TraceTick, int> count) => _counted.Sum(count) / (double)_counted.Sum(tick => tick.Offered);

    /// <summary>Slope of the line of least squares through limit over optimum, while more was asked for than the upstream can do.</summary>
    private double Drift()
    {
        if (!_timeline.Scenario.Measure.IsSettled) return double.NaN;
        var bound = _counted.FindAll(tick => _timeline.IsOverloaded(tick.Phase));
        if (bound.Count * Trace.Step < _leastForDrift) return double.NaN;
        var (x, y) = (bound.Average(tick => tick.At.TotalHours), bound.Average(RelativeLimit));
        return bound.Sum(tick => (tick.At.TotalHours - x) * (RelativeLimit(tick) - y)) / bound.Sum(tick => (tick.At.TotalHours - x) * (tick.At.TotalHours - x));
    }

    private double RelativeLimit(TraceTick tick) => tick.Limit / _timeline.Optima[tick.Phase].InFlight;

    private double LostToProbes()
    {
        var all = _counted.Sum(Expected);
        return Math.Max(0, _counted.Where(tick => tick.IsProbing).Sum(tick => Expected(tick) - tick.Good)) / all;
    }

    private double Expected(TraceTick tick)
    {
        var optimum = _timeline.Optima[tick.Phase];
        return Math.Min(tick.Offered * optimum.GoodShare, optimum.Capacity * Trace.Step.TotalSeconds);
    }
}
