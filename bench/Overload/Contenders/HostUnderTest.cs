using System.Net;
using System.Text.Json;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Bench.Overload.Contenders;

/// <summary>A Standalone host with one contender's limit in front of the upstream.</summary>
internal sealed class HostUnderTest : IAsyncDisposable
{
    private const string Endpoint = "bench";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _admin;
    private readonly ChildProcess _process;

    private HostUnderTest(ChildProcess process, Uri origin)
    {
        (_process, Origin) = (process, origin);
        _admin = new HttpClient { BaseAddress = origin };
    }

    /// <summary>Where its ingress listens.</summary>
    public Uri Origin { get; }

    /// <summary>The name that its ingress finds the endpoint by.</summary>
    public static string HostName => $"{Endpoint}.pool";

    /// <summary>Starts a host and waits until it is ready.</summary>
    /// <exception cref="BenchFailedException">It does not come up.</exception>
    public static async Task<HostUnderTest> StartAsync(string assembly, Contender contender, int upstream, CancellationToken cancellation)
    {
        var port = FreePort.Next();
        var start = DotnetProgram.Start(assembly);
        foreach (var (key, value) in Settings(contender, port, upstream)) start.Environment[$"OrleansPool__{key}"] = value;
        var host = new HostUnderTest(ChildProcess.Start($"host of {contender.Name}", start, answers: false), new Uri($"http://127.0.0.1:{port}"));
        await host._process.AwaitReadyAsync(host.IsReadyAsync, _patience, cancellation);
        return host;
    }

    /// <summary>The limit in force, and calls in flight and waiting.</summary>
    public async Task<(int Limit, int InFlight, int Waiting)> LookAsync(CancellationToken cancellation)
    {
        using var pools = JsonDocument.Parse(await _admin.GetStreamAsync(new Uri("/admin/pools", UriKind.Relative), cancellation));
        var pool = pools.RootElement[0];
        return (pool.GetProperty("limit").GetInt32(), pool.GetProperty("inFlight").GetInt32(), pool.GetProperty("waiting").GetInt32());
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _process.DisposeAsync();
    }

    private static IEnumerable<(string Key, string Value)> Settings(Contender contender, int port, int upstream) =>
    [
        ("Gateway__Listen", $"127.0.0.1:{port}"),
        ($"Endpoints__{Endpoint}__Protocol", "grpc"),
        ($"Endpoints__{Endpoint}__Addresses__0", $"127.0.0.1:{upstream}"),
        ($"Endpoints__{Endpoint}__Pool__Min", "1"),
        ($"Endpoints__{Endpoint}__Queue__MaxWaiters", "100000"),
        .. contender.Limits.Select(limit => ($"Endpoints__{Endpoint}__Limits__{limit.Key}", limit.Value)),
    ];

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await _admin.GetAsync(new Uri("/ready", UriKind.Relative));
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
