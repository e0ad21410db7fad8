using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansPool.Bench.LimitLab.Runs;

namespace OrleansPool.Bench.LimitLab.Report;

/// <summary>The results for a program: a row for each run. What does not apply is null.</summary>
internal static class JsonRows
{
    private static readonly JsonSerializerOptions _options = new() { WriteIndented = true };

    public static string Of(IReadOnlyList<Result> results) => JsonSerializer.Serialize(results.Select(Row), _options);

    private static JsonRow Row(Result result)
    {
        var (plan, figures) = (result.Plan, result.Figures);
        return new JsonRow
        {
            Scenario = plan.Scenario.Name,
            Law = plan.Law,
            Scope = plan.Scope.ToString().ToLowerInvariant(),
            Slots = plan.Slots,
            Nodes = plan.Nodes,
            Seed = plan.Seed,
            G = Known(figures.G),
            P = Known(figures.P),
            Tc = Known(figures.Tc),
            O = Known(figures.O),
            Ridle = Known(figures.Ridle),
            Rqueued = Known(figures.Rqueued),
            J = Known(figures.J),
            Dr = Known(figures.Dr),
            Pr = Known(figures.Pr),
            Rec = Known(figures.Rec),
            Pwait = Known(figures.Pwait),
            OverCap = figures.OverCap,
            IsUnseen = Seeds.IsUnseen(plan.Seed),
            IsQuick = plan.IsQuick,
        };
    }

    private static double? Known(double value) => double.IsFinite(value) ? Math.Round(value, 5) : null;

    private sealed record JsonRow
    {
        [JsonPropertyName("scenario")]
        public required string Scenario { get; init; }

        [JsonPropertyName("law")]
        public required string Law { get; init; }

        [JsonPropertyName("scope")]
        public required string Scope { get; init; }

        [JsonPropertyName("slots")]
        public required int Slots { get; init; }

        [JsonPropertyName("nodes")]
        public required int Nodes { get; init; }

        [JsonPropertyName("seed")]
        public required long Seed { get; init; }

        public double? G { get; init; }

        public double? P { get; init; }

        public double? Tc { get; init; }

        public double? O { get; init; }

        public double? Ridle { get; init; }

        public double? Rqueued { get; init; }

        public double? J { get; init; }

        public double? Dr { get; init; }

        public double? Pr { get; init; }

        public double? Rec { get; init; }

        public double? Pwait { get; init; }

        [JsonPropertyName("overCap")]
        public int OverCap { get; init; }

        [JsonPropertyName("unseen")]
        public bool IsUnseen { get; init; }

        [JsonPropertyName("quick")]
        public bool IsQuick { get; init; }
    }
}
