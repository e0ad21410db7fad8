using System.Text.Json;
using OrleansPool.Bench.LimitLab.Metrics;
using OrleansPool.Bench.LimitLab.Runs;
using OrleansPool.Bench.LimitLab.Scenarios;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Bench.LimitLab.Verbs;

/// <summary>What the budget costs: messages and bytes between one endpoint's holders and its budget, by load and number of holders.</summary>
internal static class ControlPlane
{
    private static readonly TimeSpan _length = TimeSpan.FromSeconds(120);
    private static readonly JsonSerializerOptions _options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
    private static readonly (string Name, double Load)[] _loads = [("idle", 0), ("half", 0.5), ("overload", 1.5)];

    public static void Run(TextWriter output, FileInfo? json, CancellationToken cancellation)
    {
        var plans = from load in _loads from nodes in new[] { 1, 8, 64 } select new RunPlan(ScenarioOf(load.Name, load.Load), LimitLaws.Default, Scope.Cluster, nodes, 1, IsQuick: false);
        var rows = new Batch(new Oracle(), _ => false, (_, _) => { }).Execute([.. plans], cancellation).Select(Row).ToList();
        output.WriteLine("Messages and bytes per second between one endpoint's holders and its budget, both directions, at 100 slots");
        output.WriteLine("load      holders  messages/s  of each holder   bytes/s  of each holder");
        foreach (var row in rows) output.WriteLine($"{row.Load,-10}{row.Holders,7}{row.MessagesPerSecond,12:F1}{row.MessagesPerSecondAndHolder,16:F2}{row.BytesPerSecond,10:F0}{row.BytesPerSecondAndHolder,16:F0}");
        if (json is not null) File.WriteAllText(json.FullName, JsonSerializer.Serialize(rows, _options));
    }

    private static Scenario ScenarioOf(string name, double load) => new() { Name = name, Title = name, Phases = [new Phase { For = _length, Quick = _length, Load = load }] };

    private static CostRow Row(Result result)
    {
        var (messages, bytes, nodes) = (result.Traffic.Messages / _length.TotalSeconds, result.Traffic.Bytes / _length.TotalSeconds, result.Plan.Nodes);
        return new CostRow(result.Plan.Scenario.Name, nodes, Round(messages), Round(messages / nodes), Round(bytes), Round(bytes / nodes));
    }

    private static double Round(double value) => Math.Round(value, 2);

    private sealed record CostRow(string Load, int Holders, double MessagesPerSecond, double MessagesPerSecondAndHolder, double BytesPerSecond, double BytesPerSecondAndHolder);
}
