namespace OrleansPool.Bench.LimitLab.Metrics;

/// <summary>The best that a fixed limit, known beforehand and held by one process, can do in a phase.</summary>
/// <param name="Capacity">Good calls per second when there are always enough of them.</param>
/// <param name="InFlight">The fewest calls in flight that bring at least 98 % of that (L*); 0 when nothing can be done.</param>
/// <param name="UnloadedP99">99th percentile of the response time of an idle upstream.</param>
/// <param name="GoodShare">Share of the calls that can end well at all.</param>
internal sealed record Optimum(double Capacity, double InFlight, TimeSpan UnloadedP99, double GoodShare)
{
    /// <summary>Good calls per second that can be asked for when so many arrive.</summary>
    public double Expect(double offered) => Math.Min(offered * GoodShare, Capacity);
}
