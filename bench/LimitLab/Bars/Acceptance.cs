using System.Reflection;
using System.Text.Json;

namespace OrleansPool.Bench.LimitLab.Bars;

/// <summary>A bar that is known to be missed: how far, and why that was chosen. Becoming worse than that fails the check all the same.</summary>
/// <param name="Scenario">Where.</param>
/// <param name="Figure">Which figure.</param>
/// <param name="Slots">Slots of the upstream.</param>
/// <param name="Nodes">Holders.</param>
/// <param name="Value">The worst that is accepted.</param>
/// <param name="Why">The trade.</param>
internal sealed record Acceptance(string Scenario, string Figure, int Slots, int Nodes, double Value, string Why)
{
    private static readonly JsonSerializerOptions _options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Those of Bars/accepted.json.</summary>
    public static IReadOnlyList<Acceptance> All { get; } = Load();

    private static List<Acceptance> Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("accepted")!;
        return JsonSerializer.Deserialize<List<Acceptance>>(stream, _options)!;
    }
}
