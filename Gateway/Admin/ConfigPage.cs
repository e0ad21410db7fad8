using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansPool.Core.Hosting;

namespace OrleansPool.Gateway.Admin;

/// <summary>What this host is configured to, where from, and what became of the last change. Secrets are not shown.</summary>
internal static class ConfigPage
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/admin/config", (string? endpoint, string? format, HttpContext context, IConfigurationState configuration) =>
        AdminAnswer.Of(context, format, new Document(configuration.Last, [.. configuration.Settings.Where(setting => IsOf(endpoint, setting.Key))]), Text));

    /// <summary>What became of a change, for a terminal.</summary>
    public static string Text(ReloadResult reload)
    {
        var text = new StringBuilder();
        text.Append($"version {reload.Version}; the last change was {(reload.IsApplied ? "applied" : "refused")} at {reload.At:u}\n");
        Append(text, "mistakes, all to be mended before it holds", reload.Mistakes);
        Append(text, "changed", reload.Changes);
        Append(text, "in force from the next start only", reload.NeedRestart);
        return text.ToString();
    }

    private static string Text(Document document) =>
        $"{Text(document.LastReload)}\n{TextTable.Of(["key ", "value ", "source "], document.Settings.Select(setting => new[] { setting.Key, setting.Value, setting.Source }))}";

    private static void Append(StringBuilder text, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count > 0) text.Append($"{title}:\n").Append(string.Concat(lines.Select(line => $"  - {line}\n")));
    }

    private static bool IsOf(string? endpoint, string key) =>
        endpoint is null || key.StartsWith($"{OrleansPoolOptions.Section}:Endpoints:{endpoint}:", StringComparison.OrdinalIgnoreCase);

    private sealed record Document(ReloadResult LastReload, IReadOnlyList<ConfiguredSetting> Settings);
}
