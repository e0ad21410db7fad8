using OrleansPool.Bench.LimitLab.Runs;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Bench.LimitLab.Peers;

/// <summary>All laws that can be tried: the pool's own, and those that only the lab has, as peers.</summary>
internal static class LabLaws
{
    private static readonly string[] _notPeers = [LimitLaws.Default, "fixed"];

    public static IReadOnlyList<string> Names { get; } = [.. LimitLaws.Names];

    /// <summary>The published laws.</summary>
    public static IReadOnlyList<string> Peers { get; } = [.. Names.Except(_notPeers, StringComparer.Ordinal)];

    public static IReadOnlyList<Scope> ScopesOf(string law) => [Scope.Local, Scope.Cluster];

    public static ILimitLaw Create(string name) => LimitLaws.Create(name);
}
