namespace OrleansPool.Bench.LimitLab.Metrics;

/// <summary>Of several seeds the worst in each figure.</summary>
internal static class Worst
{
    /// <summary>The worst; of the drift the mean, since one run is too short to tell a small one from chance.</summary>
    public static Figures Of(IReadOnlyList<Figures> seeds) => new(
        seeds.Min(f => f.G),
        Most(seeds, f => f.P),
        Most(seeds, f => f.Pwait),
        Most(seeds, f => f.Tc),
        Most(seeds, f => f.O),
        Most(seeds, f => f.Ridle),
        Most(seeds, f => f.Rqueued),
        seeds.Select(f => f.J).Where(j => !double.IsNaN(j)).DefaultIfEmpty(double.NaN).Min(),
        seeds.Select(f => f.Dr).Where(drift => !double.IsNaN(drift)).DefaultIfEmpty(double.NaN).Average(),
        Most(seeds, f => f.Pr),
        Most(seeds, f => f.Rec),
        seeds.Max(f => f.OverCap));

    private static double Most(IReadOnlyList<Figures> seeds, Func<Figures, double> figure) =>
        seeds.Select(figure).Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Max();
}
