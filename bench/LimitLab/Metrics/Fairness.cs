namespace OrleansPool.Bench.LimitLab.Metrics;

/// <summary>Whether the callers of all holders were served alike.</summary>
internal static class Fairness
{
    /// <summary>
    /// Mean over stretches of time of Jain's index (sum x)^2 / (n sum x^2), where x is what a holder's callers got over what a fair division of all that
    /// was served would have given them, at most 1. Fair is max-min: no more than asked for, and what one does not need goes to the others.
    /// </summary>
    public static double Of(Trace trace, Timeline timeline)
    {
        var windows = trace.Windows.FindAll(window => window.At - Trace.Window >= timeline.Scenario.Measure.WarmUp && window.Good.Sum() > 0);
        return windows.Count == 0 ? double.NaN : windows.Average(Jain);
    }

    private static double Jain(FairnessWindow window)
    {
        var fair = MaxMin(window.Offered, window.Good.Sum());
        var got = window.Good.Zip(fair, (good, share) => (good, share)).Where(pair => pair.share > 0).Select(pair => Math.Min(1, pair.good / pair.share)).ToList();
        var sum = got.Sum();
        return sum * sum / (got.Count * got.Sum(x => x * x));
    }

    private static double[] MaxMin(int[] asked, double total)
    {
        var shares = new double[asked.Length];
        var left = asked.Length;
        foreach (var index in Enumerable.Range(0, asked.Length).OrderBy(i => asked[i]))
        {
            shares[index] = Math.Min(asked[index], total / left);
            total -= shares[index];
            left--;
        }

        return shares;
    }
}
