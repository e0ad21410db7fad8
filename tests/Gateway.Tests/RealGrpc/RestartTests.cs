using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.RealGrpc;

/// <summary>The upstream goes and comes back while calls come without a pause.</summary>
[Collection(InteropPeers.Collection)]
public sealed class RestartTests
{
    private static readonly TimeSpan _recovery = TimeSpan.FromSeconds(5);

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restart_UnderLoad_OnlyRetryableErrorsThenRecovery(bool gracefully)
    {
        await using var first = await PythonServer.StartAsync();
        await using var host = await HostAsync(first);
        await using var client = PythonProcess.Start("client.py", host.Target, "restarting", "restart");

        Assert.Equal("running", await client.ReadLineAsync("calls to succeed"));
        await first.StopAsync(gracefully);
        Assert.Equal("failing", await client.ReadLineAsync("calls to fail without an upstream"));
        await using var second = await PythonServer.StartAsync(first);
        await client.WriteLineAsync("it is back");
        var seen = await InteropPeers.ResultAsync<RestartSeen>(client, "restart");

        Assert.True(seen.Recovered, $"Calls still fail: {seen}");
        Assert.True(seen.RecoveryMs < _recovery.TotalMilliseconds, $"Calls succeeded again after {seen.RecoveryMs} ms: {seen}");
        Assert.True(seen.Codes.Keys.All(IsRetryable), $"Not only retryable errors: {seen}");
        await host.IsQuietAsync("restarting");
    }

    // A grpcio server that stops cancels calls that arrive at that moment, and says so in its own words: without the pool its clients see the same.
    private static bool IsRetryable(string code) => code is "UNAVAILABLE by pool" or "CANCELLED by server";

    private static Task<GatewayHost> HostAsync(PythonServer server) => GatewayHost.StartAsync(
        ("restarting:Protocol", "grpc"),
        ("restarting:Addresses:0", $"127.0.0.1:{server.Port}"));

    private sealed record RestartSeen(Dictionary<string, int> Codes, string[] Details, bool Recovered, double RecoveryMs)
    {
        public override string ToString() => string.Join('\n', Details);
    }
}
