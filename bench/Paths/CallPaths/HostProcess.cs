using System.Net;
using OrleansPool.Bench.Paths.Processes;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Bench.Paths.CallPaths;

/// <summary>One of the product's hosts, with the upstream as its only endpoint.</summary>
internal static class HostProcess
{
    public const string Endpoint = "bench";

    /// <summary>The settings of the endpoint, below <c>OrleansPool</c>: all that is not named is as by default.</summary>
    public static IEnumerable<(string Key, string Value)> EndpointOf(string protocol, int upstream, params (string Key, string Value)[] more)
    {
        (string Key, string Value)[] settings = [("Protocol", protocol), ("Addresses__0", $"127.0.0.1:{upstream}"), ("Pool__Min", "1"), .. more];
        return settings.Select(setting => ($"Endpoints__{Endpoint}__{setting.Key}", setting.Value));
    }

    /// <summary>Starts a host and waits until it is warm.</summary>
    /// <param name="bed">Where.</param>
    /// <param name="assembly">The host's program.</param>
    /// <param name="ingressPort">Where its ingress is to listen.</param>
    /// <param name="settings">Its endpoint, and what it needs besides, below <c>OrleansPool</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<ChildProcess> StartAsync(
        TestBed bed, string assembly, int ingressPort, IEnumerable<(string Key, string Value)> settings, CancellationToken cancellation)
    {
        var start = DotnetProgram.Start(assembly);
        foreach (var (key, value) in settings.Append(("Gateway__Listen", $"127.0.0.1:{ingressPort}"))) start.Environment[$"OrleansPool__{key}"] = value;
        var host = bed.Start(Path.GetFileNameWithoutExtension(assembly), start);
        using var client = new HttpClient();
        await host.AwaitReadyAsync(() => IsReadyAsync(client, ingressPort), TestBed.Patience, cancellation);
        return host;
    }

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
