using System.Text.Json;
using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.RealGrpc;

/// <summary>
/// The two peers that know nothing of the pool, and the pool between them. Started by the first test that needs them, so that a machine without them
/// skips the tests.
/// </summary>
public sealed class InteropPeers : IAsyncLifetime
{
    /// <summary>Name of the collection of tests that share these peers, one after the other.</summary>
    public const string Collection = "Real gRPC";

    private readonly Lazy<Task<(PythonServer Server, GatewayHost Host)>> _started = new(StartAsync);
    private Task<CallSeen>? _metadataValues;

    /// <summary>Runs a case of the client through the pool and returns what it saw.</summary>
    internal async Task<T> RunAsync<T>(string endpoint, string name, params string[] arguments)
    {
        await using var client = await ClientAsync(endpoint, name, arguments);
        return await ResultAsync<T>(client, name);
    }

    /// <summary><see cref="RunAsync{T}"/> for a single call to the endpoint <c>interop</c>.</summary>
    internal Task<CallSeen> CallAsync(string name, params string[] arguments) => RunAsync<CallSeen>("interop", name, arguments);

    /// <summary>The case of that name, run once for all the tests that look at one of its values each.</summary>
    internal Task<CallSeen> MetadataValuesAsync() => _metadataValues ??= CallAsync("metadata_values");

    /// <summary>Starts a case that goes on in step with the test.</summary>
    internal async Task<ScriptProcess> ClientAsync(string endpoint, string name, params string[] arguments)
    {
        var (_, host) = await _started.Value;
        return PythonProcess.Start("client.py", [host.Target, endpoint, name, .. arguments]);
    }

    internal async Task<GatewayHost> HostAsync() => (await _started.Value).Host;

    internal async Task<PythonServer> ServerAsync() => (await _started.Value).Server;

    internal static async Task<T> ResultAsync<T>(ScriptProcess client, string name)
    {
        var line = await client.ReadLineAsync($"what the client saw in {name}");
        return JsonSerializer.Deserialize<T>(line, Observations.Json)!;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (!_started.IsValueCreated || !_started.Value.IsCompletedSuccessfully) return;
        var (server, host) = await _started.Value;
        await host.DisposeAsync();
        await server.DisposeAsync();
    }

    private static async Task<(PythonServer Server, GatewayHost Host)> StartAsync()
    {
        var server = await PythonServer.StartAsync();
        var upstream = $"127.0.0.1:{server.Port}";
        var host = await GatewayHost.StartAsync(
            ("interop:Protocol", "grpc"),
            ("interop:Addresses:0", upstream),

            // Tests have a thousand calls in flight from the first moment on: no law finds so many in no time.
            ("interop:Limits:Mode", "off"),

            // One call at a time: the next one waits.
            ("narrow:Protocol", "grpc"),
            ("narrow:Addresses:0", upstream),
            ("narrow:Limits:Max", "1"),

            ("hasty:Protocol", "grpc"),
            ("hasty:Addresses:0", upstream),
            ("hasty:Limits:DefaultDeadline", "00:00:00.800"),
            ("hasty:Pool:Min", "1"),

            ("small:Protocol", "grpc"),
            ("small:Addresses:0", upstream),
            ("small:Limits:MaxRequestMessageBytes", "200000"),
            ("small:Limits:MaxResponseMessageBytes", "300000"),

            ("bare:Protocol", "grpc"),
            ("bare:Addresses:0", $"127.0.0.1:{server.BarePort}"),

            // Nobody listens there.
            ("gone:Protocol", "grpc"),
            ("gone:Addresses:0", "127.0.0.1:1"));
        return (server, host);
    }
}

/// <summary>Ties the tests to the peers they share.</summary>
[CollectionDefinition(InteropPeers.Collection)]
public sealed class InteropCollection : ICollectionFixture<InteropPeers>;
