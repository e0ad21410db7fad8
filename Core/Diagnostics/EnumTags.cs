namespace OrleansPool.Core.Diagnostics;

/// <summary>An endpoint's attributes together with one more, whose values are an enum's members: made once for each, so that to record costs no allocation. Thread-safe.</summary>
internal sealed class EnumTags<T>(string endpoint, string key)
    where T : struct, Enum
{
    private readonly Dictionary<T, KeyValuePair<string, object?>[]> _tags = Enum.GetValues<T>().ToDictionary(
        member => member, member => new KeyValuePair<string, object?>[] { new(MetricTags.Pool, endpoint), new(key, MetricTags.ValueOf(member)) });

    /// <summary>The attributes with this value.</summary>
    public ReadOnlySpan<KeyValuePair<string, object?>> this[T member] => _tags[member];
}
