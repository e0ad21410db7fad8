using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Bench.LimitLab.Peers;

/// <summary>All laws that can be tried: the pool's own, and those that only the lab has, as peers.</summary>
internal static class LabLaws
{
    private const string FixedLaw = "fixed";

    private static readonly Dictionary<string, Func<int, ILimitLaw>> _labOnly = new(StringComparer.Ordinal)
    {
        ["envoy"] = copy => new EnvoyGradientLaw(copy),
        ["brpc"] = copy => new BrpcAutoLaw(copy),
        ["failsafe"] = copy => new FailsafeLaw(copy),
        ["vector"] = copy => new VectorLaw(copy),
    };

    public static IReadOnlyList<string> Names { get; } = [.. LimitLaws.Names, .. _labOnly.Keys];

    /// <summary>The published laws: what users have today.</summary>
    public static IReadOnlyList<string> Peers { get; } = [.. Names.Where(name => name != LimitLaws.Default && name != FixedLaw)];

    /// <summary>The law of that name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="copy">Which of several independent copies; 0 for the only one.</param>
    public static ILimitLaw Create(string name, int copy) => _labOnly.TryGetValue(name, out var create) ? create(copy) : LimitLaws.Create(name);
}
