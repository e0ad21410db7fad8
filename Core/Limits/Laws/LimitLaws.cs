using OrleansPool.Core.Limits.Laws.Adaptive;

namespace OrleansPool.Core.Limits.Laws;

/// <summary>The laws by the names under which configuration selects them.</summary>
public static class LimitLaws
{
    /// <summary>The law of an endpoint that names none.</summary>
    public const string Default = "adaptive";

    private static readonly Dictionary<string, ILimitLaw> _laws =
        new ILimitLaw[] { new AdaptiveLaw(), new FixedLaw(), new AimdLaw(), new Gradient2Law(), new VegasLaw() }.ToDictionary(law => law.Name, StringComparer.Ordinal);

    /// <summary>All names, the default first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. _laws.Keys];

    /// <summary>The law of that name. Laws have no state of their own, so it is always the same object.</summary>
    /// <exception cref="ArgumentException">There is no such law; the message lists those there are.</exception>
    public static ILimitLaw Create(string name) =>
        _laws.TryGetValue(name, out var law) ? law : throw new ArgumentException($"There is no limit law '{name}': use one of {string.Join(", ", Names)}.", nameof(name));
}
