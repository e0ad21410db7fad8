using Microsoft.Extensions.Configuration;

namespace OrleansPool.Core.Hosting;

/// <summary>A key of the section <c>OrleansPool</c> that somebody set.</summary>
/// <param name="Key">Its whole path.</param>
/// <param name="Value">What it is set to; of a secret only that it is set.</param>
/// <param name="Source">Where from: a file, the environment, the command line.</param>
public sealed record ConfiguredSetting(string Key, string Value, string Source)
{
    private const string Hidden = "(not shown)";

    // By name, since a secret looks like any other text. What is new is to be named so, too.
    private static readonly string[] _secrets = ["Key", "ConnectionString", "Password", "Secret", "Token", "Headers"];

    internal static IReadOnlyList<ConfiguredSetting> AllOf(IConfiguration configuration) =>
        [.. configuration.GetSection(OrleansPoolOptions.Section).AsEnumerable().Where(pair => pair.Value is not null).OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new ConfiguredSetting(pair.Key, IsSecret(pair.Key, pair.Value!) ? Hidden : pair.Value!, SourceOf(pair.Key, configuration)))];

    private static bool IsSecret(string key, string value)
    {
        var isUrlWithPassword = Uri.TryCreate(value, UriKind.Absolute, out var url) && url.UserInfo.Length > 0;
        return isUrlWithPassword || key.Split(':').Any(part => _secrets.Contains(part, StringComparer.OrdinalIgnoreCase));
    }

    // The last one that has it wins.
    private static string SourceOf(string key, IConfiguration configuration) =>
        (configuration as IConfigurationRoot)?.Providers.LastOrDefault(provider => provider.TryGet(key, out _))?.ToString() ?? "unknown";
}
