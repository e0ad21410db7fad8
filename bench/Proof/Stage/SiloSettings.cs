using System.Globalization;

namespace OrleansPool.Bench.Proof.Stage;

/// <summary>What all silos of the proof have in common, by key below <c>OrleansPool:</c>.</summary>
internal static class SiloSettings
{
    // What a pool answers at its deadline must reach the caller before he gives up.
    private static readonly TimeSpan _margin = TimeSpan.FromMilliseconds(200);

    /// <summary>Settings for a cluster with these endpoints.</summary>
    public static Dictionary<string, string> For(ProofPlan plan, string cluster, string database, IEnumerable<(EndpointPlan Endpoint, int Port)> endpoints)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Cluster:Clustering"] = "PostgreSQL",
            ["Cluster:ConnectionString"] = database,
            ["Cluster:Address"] = "127.0.0.1",
            ["Cluster:ClusterId"] = cluster,
            ["Budget:TimeToLive"] = Text(plan.TimeToLive),
            ["Budget:FreezeTolerance"] = Text(plan.FreezeTolerance),
        };
        foreach (var (endpoint, port) in endpoints)
        {
            foreach (var (key, value) in Of(endpoint, port)) settings[$"Endpoints:{endpoint.Name}:{key}"] = value;
        }

        return settings;
    }

    private static IEnumerable<(string Key, string Value)> Of(EndpointPlan endpoint, int port) =>
    [
        ("Protocol", endpoint.Protocol),
        ("Addresses:0", $"127.0.0.1:{port}"),
        ("Pool:Min", "1"),
        ("Pool:Max", Text(endpoint.Cap)),
        ("Pool:CallsPerChannel", Text(endpoint.CallsPerChannel)),
        ("Limits:DefaultDeadline", Text(Load.Answers.Deadline - _margin)),
    ];

    private static string Text(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
