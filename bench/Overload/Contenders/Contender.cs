using OrleansPool.Bench.Overload.Upstream;

namespace OrleansPool.Bench.Overload.Contenders;

/// <summary>A way to set the limit, and the settings of the host that make it so.</summary>
/// <param name="Name">For table and JSON.</param>
/// <param name="Limits">Keys below the endpoint's <c>Limits</c>.</param>
internal sealed record Contender(string Name, params (string Key, string Value)[] Limits)
{
    /// <summary>
    /// The pool's own law, begun three times too high, as its usual beginning happens to be this upstream's best; a limit that somebody guessed twice too
    /// high; and none, which is what the connections carry.
    /// </summary>
    public static IReadOnlyList<Contender> All { get; } =
    [
        new("adaptive", ("Law", "adaptive"), ("Initial", $"{3 * CollapsingService.Slots}")),
        new("fixed-2x", ("Law", "fixed"), ("Max", $"{2 * CollapsingService.Slots}")),
        new("none", ("Mode", "off")),
    ];
}
