namespace OrleansPool.Bench.LimitLab.Bars;

/// <summary>What the adaptive law has to reach with one limit for all holders, worst of the seeds; docs/lab.md has the same as a table.</summary>
internal static class AskedBars
{
    private const int FewSlots = 8;
    private const int UsualSlots = 100;
    private const int UsualNodes = 8;

    /// <summary>The bars of a case.</summary>
    public static IEnumerable<Bar> For(string scenario, int slots, int nodes)
    {
        yield return Bar.Most("over cap", f => f.OverCap, 0);
        if (Goodput(scenario, slots, nodes) is { } goodput) yield return Bar.Least("G", f => f.G, goodput);
        if (slots == FewSlots || (slots == UsualSlots && nodes != UsualNodes)) yield break;

        if (scenario is "B2" or "B2x3") yield return Bar.Most("P", f => f.P, 1.1);
        if (Overshoot(scenario) is { } overshoot) yield return Bar.Most("O", f => f.O, overshoot);
        yield return Bar.Most("Ridle", f => f.Ridle, scenario switch { "B1" => 0, "B3" or "B4" => 0.02, _ => 0.01 });
        yield return Bar.Most("Rqueued", f => f.Rqueued, 0.05);
        yield return Bar.Least("J", f => f.J, 0.99);
        yield return Bar.Most("Pr", f => f.Pr, 0.005);
        yield return Bar.Most("Rec", f => f.Rec, scenario == "B9c" ? 12 : 5);
        yield return Bar.Most("Tc", f => f.Tc, 12);
        yield return Bar.Most("|Dr|", f => Math.Abs(f.Dr), 0.02);
    }

    private static double? Goodput(string scenario, int slots, int nodes)
    {
        if (slots == FewSlots) return scenario == "B5" ? 0.88 : 0.95;
        if (slots == UsualSlots && nodes != UsualNodes) return 0.97;
        if (scenario == "B4" && slots > UsualSlots) return 0.95;
        return scenario switch { "B2" or "B2x3" or "B3" or "B9" or "B10" => 0.98, "B5" => 0.975, _ => 0.97 };
    }

    private static double? Overshoot(string scenario) => scenario switch
    {
        "B2" or "B2x3" => 1.25,
        "B3" or "B4" or "B5" or "B10" => 1.5,
        "B6" or "B7" or "B11" => 1.9,
        _ => null,
    };
}
