using Microsoft.Extensions.Configuration;

namespace OrleansPool.Core.Hosting;

/// <summary>The keys of the section <c>OrleansPool</c> as they were at one moment: what differs from another moment, and which of that holds without a restart. Immutable.</summary>
internal sealed class ConfigurationKeys
{
    private static readonly string[] _livePools = ["Pool:Min", "Pool:Max"];
    private static readonly string[] _liveGroups = ["Queue:", "Limits:"];

    private readonly Dictionary<string, string?> _values;

    private ConfigurationKeys(Dictionary<string, string?> values) => _values = values;

    public static ConfigurationKeys Of(IConfiguration configuration) =>
        new(configuration.GetSection(OrleansPoolOptions.Section).AsEnumerable().Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase));

    /// <summary>Keys that have another value here than in <paramref name="other"/>, or stand in one of the two only; in order.</summary>
    public IReadOnlyList<string> ChangedFrom(ConfigurationKeys other) =>
        [.. _values.Keys.Union(other._values.Keys, StringComparer.OrdinalIgnoreCase).Where(key => !string.Equals(Find(key), other.Find(key), StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>The key with its value, for a log; "(default)" where it no longer stands.</summary>
    public string Describe(string key) => $"{key} = {Find(key) ?? "(default)"}";

    /// <summary>Whether a change of the key holds without a restart, given that its endpoint is there.</summary>
    public static bool IsLive(string key)
    {
        var parts = key.Split(':', 4);
        if (parts is not [_, var endpoints, _, var rest] || !string.Equals(endpoints, "Endpoints", StringComparison.OrdinalIgnoreCase)) return false;
        return _livePools.Contains(rest, StringComparer.OrdinalIgnoreCase) || Array.Exists(_liveGroups, group => rest.StartsWith(group, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Name of the endpoint that a live key belongs to.</summary>
    public static string EndpointOf(string key) => key.Split(':')[2];

    private string? Find(string key) => _values.GetValueOrDefault(key);
}
