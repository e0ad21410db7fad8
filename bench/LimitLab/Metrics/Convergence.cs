namespace OrleansPool.Bench.LimitLab.Metrics;

/// <summary>How soon the limit is found.</summary>
internal static class Convergence
{
    private const double Tolerance = 0.25;
    private const int SettledEpochs = 10;
    private static readonly TimeSpan _epoch = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Epochs from the start of the phase that the scenario names until the limit is within 25 % of the optimum and stays there for ten of them; all of the
    /// phase's when it never does. Where the phase does not ask for all that the upstream can do, a higher limit is as good.
    /// </summary>
    public static double Epochs(Trace trace, Timeline timeline)
    {
        var phase = timeline.Scenario.Measure.ConvergesFrom;
        if (phase < 0) return double.NaN;
        var ticks = trace.Ticks.FindAll(tick => tick.Phase == phase);
        var needed = (int)(SettledEpochs * _epoch / Trace.Step);
        var (highest, within) = (timeline.IsOverloaded(phase) ? 1 + Tolerance : double.PositiveInfinity, 0);
        for (var i = 0; i < ticks.Count; i++)
        {
            var ratio = ticks[i].Limit / timeline.Optima[phase].InFlight;
            within = ratio >= 1 - Tolerance && ratio <= highest ? within + 1 : 0;
            if (within == needed) return (i + 1 - needed) * (Trace.Step / _epoch);
        }

        return ticks.Count * (Trace.Step / _epoch);
    }
}
