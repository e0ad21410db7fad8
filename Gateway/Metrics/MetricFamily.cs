using System.Text;

namespace OrleansPool.Gateway.Metrics;

/// <summary>
/// An instrument's name in Prometheus' words, by OpenTelemetry's rules for it (opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/): letters, digits
/// and underscores, the unit spelt out at the end, <c>_total</c> behind a counter's.
/// </summary>
internal readonly record struct MetricFamily
{
    private const string Total = "_total";

    // A histogram's own; of anything else Prometheus' tools take it for a mistake, so it becomes the plural.
    private const string Count = "_count";

    private static readonly Dictionary<string, string> _units = new(StringComparer.Ordinal)
    {
        ["s"] = "seconds", ["ms"] = "milliseconds", ["us"] = "microseconds", ["ns"] = "nanoseconds", ["min"] = "minutes", ["h"] = "hours", ["d"] = "days", ["By"] = "bytes", ["%"] = "percent",
    };

    private MetricFamily(string name, FamilyType type, string unit) => (Name, Type, Unit) = (name, type, unit);

    /// <summary>The family's name; a counter's samples have <c>_total</c> behind it.</summary>
    public string Name { get; }

    /// <summary>What it is.</summary>
    public FamilyType Type { get; }

    /// <summary>The last part of the name; empty for none.</summary>
    public string Unit { get; }

    /// <summary>What stands before the labels of a sample that is neither bucket nor sum.</summary>
    public string SampleName => Type == FamilyType.Counter ? Name + Total : Name;

    /// <summary>The family of an instrument.</summary>
    public static MetricFamily Of(string name, FamilyType type, string? unit)
    {
        var suffix = UnitOf(unit ?? "", type);
        var stem = Sanitize(name);
        if (type == FamilyType.Counter && stem.EndsWith(Total, StringComparison.Ordinal)) stem = stem[..^Total.Length];
        if (type == FamilyType.Gauge && stem.EndsWith(Count, StringComparison.Ordinal)) stem = Plural(stem[..^Count.Length]);
        if (suffix.Length > 0 && !stem.EndsWith($"_{suffix}", StringComparison.Ordinal)) stem = $"{stem}_{suffix}";
        return new MetricFamily(stem, type, suffix);
    }

    /// <summary>An attribute's name as a label's.</summary>
    public static string Sanitize(string name)
    {
        var clean = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            var isFit = char.IsAsciiLetterOrDigit(c) || c == ':';
            if (isFit) clean.Append(c);
            else if (clean.Length > 0 && clean[^1] != '_') clean.Append('_');
        }

        return clean.Length > 0 && char.IsAsciiDigit(clean[0]) ? $"_{clean}" : clean.ToString();
    }

    // Curly braces only annotate: {connection} is a number of something.
    private static string UnitOf(string unit, FamilyType type)
    {
        if (unit.Length == 0 || unit[0] == '{') return "";
        if (unit is "1") return type == FamilyType.Gauge ? "ratio" : "";
        return _units.GetValueOrDefault(unit) ?? Sanitize(unit.Replace("/", "_per_", StringComparison.Ordinal));
    }

    private static string Plural(string stem) => stem.EndsWith('y') ? $"{stem[..^1]}ies" : $"{stem}s";
}
