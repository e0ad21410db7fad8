using System.Text.Json;
using OrleansPool.Bench.Processes;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Gateway.Tests.Metrics;
using OrleansPool.Gateway.Tests.Standalone;

namespace OrleansPool.Gateway.Tests.Operations;

/// <summary>Every query of every panel, and all that the alerts look at, is answered by a real Prometheus that scrapes a host under load.</summary>
public class DashboardTests
{
    // What a host that is well has nothing to say about, by a piece of the query.
    private static readonly Dictionary<string, string> _expectedEmpty = new(StringComparer.Ordinal)
    {
        ["orleanspool_certificate_expiry_timestamp_seconds"] = "the host has no certificate; TlsTests has one that has",
        ["orleanspool_lease_renewal_failures_total"] = "the budget is in the same process and always answers; a counter begins with the first failure",
        ["orleanspool_upstream_ejections_total"] = "no address has been left out; the counter of a reason begins with the first time",
        ["orleanspool_limit_direction"] = "whether the limit moves either way within the test's seconds is the law's business; LimitMetrics' own tests have both directions",
        ["orleanspool_limit_changes_total"] = "as above",
    };

    private const int Rounds = 90;

    public static TheoryData<string> Dashboards => [.. Deployment.Dashboards.Select(path => Path.GetFileName(path)!)];

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Dashboard_HasPanelsThatGrafanaCanTellApart(string file)
    {
        using var document = JsonDocument.Parse(Deployment.Read($"grafana/dashboards/{file}"));
        var board = document.RootElement;
        var panels = board.GetProperty("panels").EnumerateArray().ToList();
        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.Equal($"orleanspool-{Path.GetFileNameWithoutExtension(file)}", board.GetProperty("uid").GetString());
        Assert.All(panels.Where(panel => panel.GetProperty("type").GetString() != "row"), panel => Assert.Equal("prometheus", panel.GetProperty("datasource").GetProperty("uid").GetString()));
        Assert.Contains("uid: prometheus\n", Deployment.Read("grafana/provisioning/datasources/prometheus.yml"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task EveryQuery_OfPanelsAndAlerts_HasAnAnswer()
    {
        var calls = 0;
        await using var upstream = await WebUpstream.StartAsync(context =>
        {
            // Now and then a connection ends, as they do.
            if (Interlocked.Increment(ref calls) % 50 == 0) context.Response.Headers.Connection = "close";
            return Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, context.RequestAborted);
        });
        await using var program = StandaloneProcess.Start(
            ("Endpoints:billing:Protocol", "http1"), ("Endpoints:billing:Addresses:0", upstream.Http1), ("Endpoints:billing:Pool:Max", "2"), ("Endpoints:billing:Pool:MaxLifetime", "00:00:30"),
            ("Endpoints:strict:Protocol", "http1"), ("Endpoints:strict:Addresses:0", upstream.Http1), ("Endpoints:strict:Pool:Max", "1"), ("Endpoints:strict:Degradation:Mode", "reject"),
            ("Endpoints:short:Protocol", "http2"), ("Endpoints:short:Addresses:0", upstream.Http2), ("Endpoints:short:Pool:IdleTimeout", "00:00:01"), ("Endpoints:short:Pool:Min", "0"),
            ("Endpoints:gone:Protocol", "http1"), ("Endpoints:gone:Addresses:0", $"127.0.0.1:{FreePort.Next()}"));
        var address = await program.ListeningAsync();
        await using var prometheus = await PrometheusServer.StartAsync(folder => ConfigureAsync(folder, address));
        await using var load = Load.Start(address, "billing", "billing", "billing", "billing", "strict", "strict", "short", "gone");
        var queries = Deployment.Dashboards.SelectMany(Deployment.Queries).Concat(Deployment.AlertSelectors().Select(query => ("alerts.yml", query))).ToList();
        Assert.True(queries.Count > 60, $"Only {queries.Count} queries were found");
        await AreAnsweredAsync(prometheus, [.. queries.Where(query => !IsExpectedEmpty(query.Item2))]);
    }

    // Once is enough for each. A round of all is a hundred requests, so a second passes between two.
    private static async Task AreAnsweredAsync(PrometheusServer prometheus, List<(string Panel, string Query)> open)
    {
        using var rounds = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        for (var round = 0; round < Rounds && open.Count > 0; round++)
        {
            await rounds.WaitForNextTickAsync();
            List<(string, string)> unanswered = [];
            foreach (var query in open)
            {
                if ((await prometheus.QueryAsync(query.Query)).Count == 0) unanswered.Add(query);
            }

            open = unanswered;
        }

        Assert.True(open.Count == 0, $"No data after {Rounds} s:{string.Concat(open.Select(query => $"\n  {query}"))}");
    }

    private static bool IsExpectedEmpty(string query) => _expectedEmpty.Keys.Any(part => query.Contains(part, StringComparison.Ordinal));

    // As it is shipped, but for the time between two scrapes.
    private static async Task ConfigureAsync(string folder, Uri scraped)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), Deployment.Read("prometheus/prometheus.yml").Replace("scrape_interval: 5s", "scrape_interval: 1s", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(folder, "alerts.yml"), Deployment.Read("prometheus/alerts.yml"));
        Directory.CreateDirectory(Path.Combine(folder, "targets"));
        await File.WriteAllTextAsync(Path.Combine(folder, "targets", "host.yml"), $"- targets: [\"{scraped.Authority}\"]\n");
    }
}
