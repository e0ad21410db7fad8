using OrleansPool.Core.Pooling.Health;
using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.RealGrpc;

/// <summary>Two stock gRPC servers behind one endpoint, asked by <c>grpc.health.v1</c>: the one that says that it does not serve gets no calls until it says that it does.</summary>
public sealed class HealthTests
{
    [SkippableFact]
    public async Task Server_ThatSaysItDoesNotServe_IsLeftOut_UntilItServesAgain()
    {
        await using var one = PythonProcess.Start("health.py");
        await using var other = PythonProcess.Start("health.py");
        var (onePort, otherPort) = (await PortAsync(one), await PortAsync(other));
        await using var host = await GatewayHost.StartAsync(
            ("checked:Protocol", "grpc"), ("checked:Addresses:0", $"127.0.0.1:{onePort}"), ("checked:Addresses:1", $"127.0.0.1:{otherPort}"),
            ("checked:Pool:Min", "2"), ("checked:Check:Kind", "grpc"), ("checked:Check:Interval", "00:00:01"));
        await Eventually.HoldsAsync(() => host.Pool("checked").Addresses.Count(address => address.Connections == 1) == 2, "a channel to each, opened by their checks");

        await SayAsync(one, "not_serving");
        await Eventually.HoldsAsync(() => Address(host, onePort).Phase == AddressPhase.Ejected, "the server to be left out");
        Assert.Equal(("its check failed: grpc.health.v1 says NOT_SERVING", AddressPhase.Well), (Address(host, onePort).Why, Address(host, otherPort).Phase));

        await SayAsync(one, "serving");
        await Eventually.HoldsAsync(() => Address(host, onePort).Phase == AddressPhase.Well, "the server to be back");
        Assert.Equal(1, host.Pool("checked").Totals.Ejected[EjectReason.CheckFailed]);
    }

    private static AddressSnapshot Address(GatewayHost host, string port) => host.Pool("checked").Addresses.Single(address => address.Address.Contains($":{port}", StringComparison.Ordinal));

    private static async Task<string> PortAsync(ScriptProcess server) => (await server.ReadLineAsync("the server's port")).Split(' ')[1];

    private static async Task SayAsync(ScriptProcess server, string state)
    {
        await server.WriteLineAsync(state);
        Assert.Equal($"now {state}", await server.ReadLineAsync("the server's word"));
    }
}
