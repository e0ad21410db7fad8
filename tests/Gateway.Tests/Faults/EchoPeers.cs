using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Faults;

namespace OrleansPool.Gateway.Tests.Faults;

/// <summary>
/// An upstream of one protocol that says back what it hears, a network in trouble before it, and a pool with a deadline. Every call has a word of its own,
/// so that a reply that was another's shows.
/// </summary>
internal sealed class EchoPeers : IAsyncDisposable
{
    public const int Connections = 4;

    private readonly EchoUpstream _upstream;
    private readonly EchoCaller _caller;
    private int _calls;

    private EchoPeers(EchoUpstream upstream, FaultProxy network, GatewayHost host, EchoCaller caller) => (_upstream, Network, Host, _caller) = (upstream, network, host, caller);

    public FaultProxy Network { get; }

    public GatewayHost Host { get; }

    public static async Task<EchoPeers> StartAsync(string protocol, TimeSpan deadline)
    {
        var upstream = await EchoUpstream.StartAsync(protocol);
        var network = FaultProxy.Start(upstream.Address);
        var host = await GatewayHost.StartAsync(
        [
            ("echo:Addresses:0", network.Address), ("echo:Pool:Max", $"{Connections}"), ("echo:Limits:DefaultDeadline", $"{deadline:c}"),
            ("echo:Pool:BreakDuration", "00:00:00.500"), ("echo:Pool:MaxBreakDuration", "00:00:00.500"), ("echo:Pool:ConnectTimeout", "00:00:01"), .. SettingsOf(protocol),
        ]);
        return new EchoPeers(upstream, network, host, EchoCaller.Of(protocol, host));
    }

    /// <summary>What an endpoint of the protocol needs besides its address. <c>pipelined</c> is TCP with several exchanges on a connection.</summary>
    public static (string Key, string Value)[] SettingsOf(string protocol) => protocol switch
    {
        "tcp" => [("echo:Protocol", "tcp"), ("echo:Listen", "127.0.0.1:0"), ("echo:Tcp:Mode", "framed"), ("echo:Tcp:Framing", "delimiter"), ("echo:Tcp:Delimiter", "\\n")],
        "pipelined" => [.. SettingsOf("tcp"), ("echo:Tcp:Pipelining", "true"), ("echo:Pool:CallsPerChannel", "8")],
        "jsonrpc" => [("echo:Protocol", "jsonrpc"), ("echo:Listen", "127.0.0.1:0")],
        _ => [("echo:Protocol", protocol)],
    };

    /// <summary>One call with <paramref name="size"/> bytes: true when it was answered, false when the caller was told otherwise. Never a reply that is another's.</summary>
    public async Task<bool> CallAsync(int size = 100)
    {
        var word = $"call {Interlocked.Increment(ref _calls)} ".PadRight(size, 'x');
        var reply = await _caller.CallAsync(word).InTime("an answer, or none");
        if (reply is not null) Assert.Equal(word, reply);
        return reply is not null;
    }

    public async ValueTask DisposeAsync()
    {
        _caller.Dispose();
        await Network.DisposeAsync();
        await Host.DisposeAsync();
        await _upstream.DisposeAsync();
    }
}
