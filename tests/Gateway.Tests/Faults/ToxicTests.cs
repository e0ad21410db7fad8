using OrleansPool.Testing.Faults;

namespace OrleansPool.Gateway.Tests.Faults;

/// <summary>
/// The eight usual faults of a network, with each protocol: calls are answered or told why not, none gets another's reply, no connection too many is opened,
/// and when the fault is over calls go through again.
/// </summary>
public class ToxicTests
{
    private const int Calls = 12;

    public static TheoryData<string> Protocols => ["tcp", "pipelined", "http1", "http2", "grpc", "jsonrpc"];

    [Theory]
    [MemberData(nameof(Protocols))]
    public Task Latency_DelaysAndHarmsNothing(string protocol) =>
        HarmsNothingAsync(protocol, network => (network.ToUpstream, network.ToCaller) = (new Toxic.Latency(TimeSpan.FromMilliseconds(30)), new Toxic.Latency(TimeSpan.FromMilliseconds(30))));

    [Theory]
    [MemberData(nameof(Protocols))]
    public Task Slicer_HarmsNothing(string protocol) => HarmsNothingAsync(protocol, network => (network.ToUpstream, network.ToCaller) = (new Toxic.Slicer(7), new Toxic.Slicer(3)));

    [Theory]
    [MemberData(nameof(Protocols))]
    public Task Bandwidth_HarmsNothingThatFits(string protocol) => HarmsNothingAsync(protocol, network => network.ToCaller = new Toxic.Bandwidth(50_000));

    [Theory]
    [MemberData(nameof(Protocols))]
    public Task SlowClose_HarmsNothing(string protocol) => HarmsNothingAsync(protocol, network => network.ToCaller = new Toxic.SlowClose(TimeSpan.FromMilliseconds(300)));

    [Theory]
    [MemberData(nameof(Protocols))]
    public Task Down_IsTold_AndOverWithTheFault(string protocol) => FailsAndRecoversAsync(protocol, network => network.IsDown = true);

    [Theory]
    [MemberData(nameof(Protocols))]
    public Task Reset_IsTold_AndOverWithTheFault(string protocol) => FailsAndRecoversAsync(protocol, network => network.ToUpstream = new Toxic.Reset());

    [Theory]
    [MemberData(nameof(Protocols))]
    public Task LimitData_WithinTheReply_IsTold_AndOverWithTheFault(string protocol) => FailsAndRecoversAsync(protocol, network => network.ToCaller = new Toxic.LimitData(60));

    [Theory]
    [MemberData(nameof(Protocols))]
    public Task BlackHole_EndsWithTheDeadline_AndOverWithTheFault(string protocol) => FailsAndRecoversAsync(protocol, network => network.ToUpstream = new Toxic.BlackHole());

    private static async Task HarmsNothingAsync(string protocol, Action<FaultProxy> poison)
    {
        // Longer than any of it takes on a machine that is busy with other things.
        await using var peers = await EchoPeers.StartAsync(protocol, TimeSpan.FromSeconds(15));
        Assert.True(await peers.CallAsync());
        poison(peers.Network);
        Assert.All(await CallsAsync(peers), Assert.True);
        await peers.Host.IsQuietAsync("echo");
        Assert.InRange(peers.Network.Accepted, 1, EchoPeers.Connections);
    }

    private static async Task FailsAndRecoversAsync(string protocol, Action<FaultProxy> poison)
    {
        await using var peers = await EchoPeers.StartAsync(protocol, TimeSpan.FromSeconds(2));
        Assert.True(await peers.CallAsync());
        poison(peers.Network);
        Assert.All(await CallsAsync(peers), Assert.False);
        await peers.Host.IsQuietAsync("echo");
        peers.Network.Heal();
        await Eventually.HoldsAsync(() => peers.CallAsync(), "calls to go through again");
        await Eventually.HoldsAsync(async () => Array.TrueForAll(await CallsAsync(peers), isAnswered => isAnswered), "all calls to go through again");
        await peers.Host.IsQuietAsync("echo");
        Assert.InRange(peers.Host.Pool("echo").Connections, 1, EchoPeers.Connections);
    }

    private static Task<bool[]> CallsAsync(EchoPeers peers) => Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => peers.CallAsync()));
}
