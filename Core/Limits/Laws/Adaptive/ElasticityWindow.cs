using System.Collections.Immutable;

namespace OrleansPool.Core.Limits.Laws.Adaptive;

/// <summary>
/// The last epochs in which the limit was used up, as points (log of calls in flight, log of throughput). Their slope is the elasticity: near 1 with room at
/// the upstream, 0 when it is full, below 0 when more calls make it slower than it was. Uber's Cinnamon and failsafe-go cut on the same sign. Immutable.
/// </summary>
internal sealed record ElasticityWindow(ImmutableList<(double InFlight, double Rate)> Points)
{
    private const int Longest = 16;
    private const int Fewest = 8;

    // Calls in flight must have varied by so much (standard deviation of the logarithm), or the slope is noise.
    private const double LeastSpread = .08;

    // Below zero for certain: by its value, and by three standard errors.
    private const double ClearlyNegative = -.2;
    private const double Certain = 3;

    public static ElasticityWindow Empty { get; } = new(ImmutableList<(double, double)>.Empty);

    public ElasticityWindow With(double inFlight, double rate)
    {
        if (inFlight <= 0 || rate <= 0) return this;
        var points = Points.Count == Longest ? Points.RemoveAt(0) : Points;
        return new ElasticityWindow(points.Add((Math.Log(inFlight), Math.Log(rate))));
    }

    /// <summary>True when more calls in flight brought less throughput, beyond doubt.</summary>
    public bool IsNegative()
    {
        if (Points.Count < Fewest) return false;
        var (x, y) = (Points.Average(point => point.InFlight), Points.Average(point => point.Rate));
        var spread = Points.Sum(point => (point.InFlight - x) * (point.InFlight - x));
        if (spread < Points.Count * LeastSpread * LeastSpread) return false;
        var slope = Points.Sum(point => (point.InFlight - x) * (point.Rate - y)) / spread;
        var rest = Points.Sum(point => Math.Pow(point.Rate - y - (slope * (point.InFlight - x)), 2));
        var error = Math.Sqrt(rest / (Points.Count - 2) / spread);
        return slope < ClearlyNegative && slope < -Certain * error;
    }
}
