using OrleansPool.Bench.LimitLab.Runs;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Bench.LimitLab.Peers;

/// <summary>All laws that can be tried: the pool's own and those that only the lab has, as peers.</summary>
internal static class LabLaws
{
    public static IReadOnlyList<string> Names { get; } = [.. LimitLaws.Names];

    public static ILimitLaw Create(string name, Scope scope) => LimitLaws.Create(name);
}
