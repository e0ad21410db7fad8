using OrleansPool.Core.Calls;

namespace OrleansPool.Core.Hosting;

/// <summary>The rules for <c>Degradation</c>, which look at all endpoints together: a chain of fallbacks must end, and speak one protocol.</summary>
internal static class FallbackRules
{
    public static void Check(OrleansPoolOptions options, ConfigErrors errors)
    {
        foreach (var (name, endpoint) in options.Endpoints)
        {
            var (path, degradation) = ($"{OrleansPoolOptions.Section}:Endpoints:{name}:Degradation", endpoint.Degradation);
            if (degradation.Mode == DegradationMode.Fallback) CheckTarget($"{path}:Fallback", name, options.Endpoints, errors);
            else if (degradation.Fallback is not null) errors.Add($"{path}:Mode", degradation.Mode, "fallback is required for Degradation:Fallback to mean anything");
        }
    }

    private static void CheckTarget(string path, string name, IDictionary<string, EndpointOptions> all, ConfigErrors errors)
    {
        var endpoint = all[name];
        var fallback = endpoint.Degradation.Fallback;
        if (fallback is null) errors.Add(path, null, "with Mode = fallback the name of an endpoint is required");
        else if (!all.TryGetValue(fallback, out var target)) errors.Add(path, fallback, $"there is no such endpoint; there are {string.Join(", ", all.Keys.Order(StringComparer.Ordinal))}");
        else if (target.Protocol != endpoint.Protocol) errors.Add(path, fallback, $"it speaks {Text(target)} and {name} {Text(endpoint)}; a fallback speaks the same");
        else if (Cycle(name, all) is { } cycle) errors.Add(path, fallback, $"the chain comes back to where it began, {cycle}; it must end at an endpoint without a fallback");
    }

    // Only where the chain comes back to its own beginning: a chain that runs into another's cycle is told there.
    private static string? Cycle(string name, IDictionary<string, EndpointOptions> all)
    {
        List<string> chain = [name];
        while (Next(chain[^1], all) is { } next)
        {
            var closes = string.Equals(next, name, StringComparison.OrdinalIgnoreCase);
            if (!closes && chain.Contains(next, StringComparer.OrdinalIgnoreCase)) return null;
            chain.Add(next);
            if (closes) return string.Join(" > ", chain);
        }

        return null;
    }

    private static string? Next(string name, IDictionary<string, EndpointOptions> all) =>
        all.TryGetValue(name, out var endpoint) && endpoint.Degradation.Mode == DegradationMode.Fallback ? endpoint.Degradation.Fallback : null;

    private static string Text(EndpointOptions endpoint) => endpoint.Protocol?.ToString().ToLowerInvariant() ?? "nothing";
}
