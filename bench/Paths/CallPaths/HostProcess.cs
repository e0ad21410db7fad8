using System.Net;
using OrleansPool.Bench.Paths.Processes;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Bench.Paths.CallPaths;

/// <summary>One of the product's hosts, with the upstream as its endpoint.</summary>
internal static class HostProcess
{
    public const string Endpoint = "bench";

    /// <summary>Starts a host and waits until it is warm.</summary>
    /// <param name="bed">Where.</param>
    /// <param name="assembly">The host's program.</param>
    /// <param name="ingressPort">Where its ingress is to listen.</param>
    /// <param name="settings">What it needs besides, below <c>OrleansPool</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<ChildProcess> StartAsync(
        TestBed bed, string assembly, int ingressPort, (string Key, string Value)[] settings, CancellationToken cancellation)
    {
        var start = DotnetProgram.Start(assembly);
        foreach (var (key, value) in settings.Concat(Settings(bed, ingressPort))) start.Environment[$"OrleansPool__{key}"] = value;
        var host = bed.Start(Path.GetFileNameWithoutExtension(assembly), start);
        using var client = new HttpClient();
        await host.AwaitReadyAsync(() => IsReadyAsync(client, ingressPort), TestBed.Patience, cancellation);
        return host;
    }

    private static IEnumerable<(string Key, string Value)> Settings(TestBed bed, int ingressPort) =>
    [
        ("Gateway__Listen", $"127.0.0.1:{ingressPort}"),
        ($"Endpoints__{Endpoint}__Protocol", "grpc"),
        ($"Endpoints__{Endpoint}__Addresses__0", $"127.0.0.1:{bed.UpstreamPort}"),
        ($"Endpoints__{Endpoint}__Pool__Min", "1"),
    ];

    private static async Task<bool> IsReadyAsync(HttpClient client, int port)
    {
        try
        {
            using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/ready"));
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
