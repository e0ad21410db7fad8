using OrleansPool.Bench.LimitLab.Metrics;

namespace OrleansPool.Bench.LimitLab.Bars;

/// <summary>What a figure has to be.</summary>
/// <param name="Figure">Its name.</param>
/// <param name="Of">Where it stands.</param>
/// <param name="Asked">The bound.</param>
/// <param name="IsLeast">True when it has to be no less; false: no more.</param>
internal sealed record Bar(string Figure, Func<Figures, double> Of, double Asked, bool IsLeast)
{
    public static Bar Least(string figure, Func<Figures, double> of, double asked) => new(figure, of, asked, IsLeast: true);

    public static Bar Most(string figure, Func<Figures, double> of, double asked) => new(figure, of, asked, IsLeast: false);

    /// <summary>Whether a measured figure will do; one that does not apply always does.</summary>
    public bool Holds(double measured) => double.IsNaN(measured) || (IsLeast ? measured >= Asked : measured <= Asked);

    public override string ToString() => $"{(IsLeast ? ">=" : "<=")} {Asked}";
}
