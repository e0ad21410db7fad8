namespace OrleansPool.Bench.LimitLab.Peers;

/// <summary>The signs of overload that failsafe-go reads out of its last 50 windows.</summary>
internal static class WindowCorrelation
{
    public const int Kept = 50;
    private const int WarmUp = 10;
    private const double LeastVariation = 0.01;

    public static bool IsOverloaded(IReadOnlyList<(double InFlight, double Time)> windows)
    {
        if (windows.Count < WarmUp) return false;
        var inFlight = windows.Select(w => w.InFlight).ToArray();
        var time = windows.Select(w => w.Time).ToArray();
        var throughput = windows.Select(w => w.InFlight / w.Time).ToArray();
        var withThroughput = Of(inFlight, throughput);
        var withTime = Of(inFlight, time);
        return withThroughput < 0 || (withThroughput < 0.3 && withTime > 0.5) || (Variation(throughput) < 0.2 && withTime > 0.5);
    }

    /// <summary>Pearson's correlation; 0 where one of them hardly varies.</summary>
    private static double Of(double[] x, double[] y)
    {
        if (Variation(x) < LeastVariation || Variation(y) < LeastVariation) return 0;
        var (meanX, meanY) = (x.Average(), y.Average());
        var product = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum();
        return product / Math.Sqrt(x.Sum(a => (a - meanX) * (a - meanX)) * y.Sum(b => (b - meanY) * (b - meanY)));
    }

    private static double Variation(double[] values)
    {
        var mean = values.Average();
        return mean == 0 ? 0 : Math.Sqrt(values.Average(value => (value - mean) * (value - mean))) / mean;
    }
}
