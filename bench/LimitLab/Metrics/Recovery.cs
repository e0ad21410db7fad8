using OrleansPool.Bench.LimitLab.Scenarios;

namespace OrleansPool.Bench.LimitLab.Metrics;

/// <summary>How soon goodput is back after a fault.</summary>
internal static class Recovery
{
    private const double Recovered = 0.95;

    // Of so many calls chance moves the goodput by less than a quarter of what is looked for.
    private const int EnoughCalls = 2000;

    /// <summary>The longest over all faults, in seconds, from the end of a fault, or from the death of a process, until goodput is at 0.95 for a second (longer where calls are few).</summary>
    public static double Seconds(Trace trace, Timeline timeline)
    {
        var ends = Ends(timeline).ToList();
        return ends.Count == 0 ? double.NaN : ends.Max(end => After(trace, timeline, end));
    }

    private static IEnumerable<TimeSpan> Ends(Timeline timeline)
    {
        var phases = timeline.Scenario.Phases;
        for (var phase = 0; phase + 1 < phases.Count; phase++)
        {
            if (phases[phase].IsFault && !phases[phase + 1].IsFault) yield return timeline.EndOf(phase);
        }

        var length = timeline.Scenario.Length(timeline.IsQuick);
        foreach (var fault in timeline.Scenario.Faults)
        {
            var isDeath = fault.Kind is FaultKind.Crash or FaultKind.BudgetLost;
            foreach (var at in fault.Times(length).Where(at => at + fault.For < length)) yield return isDeath ? at : at + fault.For;
        }
    }

    private static double After(Trace trace, Timeline timeline, TimeSpan end)
    {
        var ticks = trace.Ticks.FindAll(tick => tick.At > end);
        for (var first = 0; first < ticks.Count; first++)
        {
            if (IsBack(ticks, first, timeline)) return (ticks[first].At - Trace.Step - end).TotalSeconds;
        }

        return ticks.Count * Trace.Step.TotalSeconds;
    }

    private static bool IsBack(List<TraceTick> ticks, int first, Timeline timeline)
    {
        var (expected, good, steps) = (0.0, 0, 0);
        for (var i = first; i < ticks.Count && (steps < 4 || expected < EnoughCalls); i++)
        {
            expected += Math.Min(ticks[i].Offered * timeline.Optima[ticks[i].Phase].GoodShare, timeline.Optima[ticks[i].Phase].Capacity * Trace.Step.TotalSeconds);
            good += ticks[i].Good;
            steps++;
        }

        return good >= Recovered * expected;
    }
}
