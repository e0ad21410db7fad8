using OrleansPool.Bench.LimitLab.Metrics;

namespace OrleansPool.Bench.LimitLab.Report;

/// <summary>The figures by the names under which they are shown.</summary>
internal static class FigureNames
{
    public static IEnumerable<(string Name, double Value)> Of(Figures figures) =>
    [
        ("G", figures.G), ("P", figures.P), ("Pwait", figures.Pwait), ("Tc", figures.Tc), ("O", figures.O), ("Ridle", figures.Ridle), ("Rqueued", figures.Rqueued),
        ("J", figures.J), ("Dr", figures.Dr), ("Pr", figures.Pr), ("Rec", figures.Rec), ("over cap", figures.OverCap),
    ];
}
