namespace OrleansPool.Bench.Proof.Figures;

/// <summary>
/// How well calls fared over a stretch of time. A call counts for the moment when it was due: one that waited and was then answered in time is good, and
/// a caller's hiccup moves nothing from one second into the next.
/// </summary>
internal static class Goodput
{
    /// <summary>Length of the window that slides over the stretch.</summary>
    public const double WindowSeconds = 1;

    /// <summary>Of the steady goodput; below that it has not recovered.</summary>
    public const double Recovered = 0.95;

    private const double StepSeconds = 0.1;

    /// <summary>Good calls over all, in the stretch; 0 without any call.</summary>
    public static double Share(IReadOnlyList<Outcome> outcomes, double from, double to)
    {
        var due = outcomes.Where(outcome => outcome.Due >= from && outcome.Due < to).ToList();
        return due.Count == 0 ? 0 : (double)due.Count(outcome => outcome.Error is null) / due.Count;
    }

    /// <summary>What a fault at <paramref name="from"/> did until <paramref name="to"/>, against the share that was good before all faults.</summary>
    public static Disturbance After(IReadOnlyList<Outcome> outcomes, double from, double to, double steady)
    {
        var (least, below, last) = (1.0, 0, from);
        foreach (var (start, share) in Windows(outcomes, from, to))
        {
            var relative = share / steady;
            least = Math.Min(least, relative);
            if (relative >= Recovered) continue;
            below++;
            last = start + WindowSeconds;
        }

        // A window that ends with the stretch and is below: nobody saw it recover.
        var hasRecovered = last < to - StepSeconds;
        return new Disturbance(1 - least, below * StepSeconds, hasRecovered ? last - from : null);
    }

    // Each window's share of good calls; the outcomes are in the order of their time.
    private static IEnumerable<(double Start, double Share)> Windows(IReadOnlyList<Outcome> outcomes, double from, double to)
    {
        var ordered = outcomes.Where(outcome => outcome.Due >= from && outcome.Due < to).OrderBy(outcome => outcome.Due).ToList();
        for (int step = 0, head = 0, tail = 0, good = 0; ; step++)
        {
            var start = from + (step * StepSeconds);
            if (start + WindowSeconds > to + (StepSeconds / 2)) yield break;
            for (; head < ordered.Count && ordered[head].Due < start + WindowSeconds; head++) good += ordered[head].Error is null ? 1 : 0;
            for (; tail < head && ordered[tail].Due < start; tail++) good -= ordered[tail].Error is null ? 1 : 0;
            if (head > tail) yield return (start, (double)good / (head - tail));
        }
    }
}
