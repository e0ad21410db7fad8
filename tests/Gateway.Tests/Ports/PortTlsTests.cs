using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.JsonRpc;
using OrleansPool.Testing.Tcp;
using OrleansPool.Testing.Tls;

namespace OrleansPool.Gateway.Tests.Ports;

/// <summary>TLS at an endpoint's own port, and TCP's probes on it.</summary>
public sealed class PortTlsTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task Framed_IsExchangedOverTls_AndEndsProperly()
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(("any:Protocol", "tcp"), ("any:Addresses:0", upstream.Address), ("any:Tcp:Mode", "framed"), ("any:Tcp:Framing", "delimiter"), ("any:Tcp:Delimiter", "\\n"));
        await using var caller = await ConnectAsync(host);
        await caller.WriteAsync("ask\n"u8.ToArray());
        var peer = await upstream.ConnectionAsync();
        await peer.ExpectAsync("ask\n");
        await peer.SendAsync("reply\n");
        Assert.Equal("reply\n", await ReadAsync(caller, 6));
        await caller.ShutdownAsync();
        Assert.Equal(0, await caller.ReadAsync(new byte[1]).InTime("the end"));
    }

    [Fact]
    public async Task Session_CarriesBothEnds_OneByOne()
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(("any:Protocol", "tcp"), ("any:Addresses:0", upstream.Address));
        await using var caller = await ConnectAsync(host);
        var peer = await upstream.ConnectionAsync();
        await peer.SendAsync("welcome");
        Assert.Equal("welcome", await ReadAsync(caller, 7));
        await peer.SendAsync("all");
        peer.HalfClose();
        Assert.Equal("all", await ReadAsync(caller, 3));
        Assert.Equal(0, await caller.ReadAsync(new byte[1]).InTime("the upstream's end"));
        await caller.WriteAsync("late word"u8.ToArray());
        await peer.ExpectAsync("late word");
        await caller.ShutdownAsync();
        await peer.ExpectEndAsync();
        await host.IsQuietAsync("any");
    }

    [Theory]
    [InlineData("shared")]
    [InlineData("session")]
    public async Task JsonRpc_IsAnsweredOverTls(string mode)
    {
        await using var upstream = new JsonRpcUpstream();
        await using var host = await StartAsync(("any:Protocol", "jsonrpc"), ("any:Addresses:0", upstream.Address), ("any:JsonRpc:Mode", mode));
        await using var caller = await ConnectAsync(host);
        await caller.WriteAsync(Encoding.ASCII.GetBytes("""{"jsonrpc":"2.0","method":"sum","params":[2,3],"id":1}""" + "\n"));
        const string answer = """{"jsonrpc":"2.0","result":5,"id":1}""";
        Assert.Equal($"{answer}\n", await ReadAsync(caller, answer.Length + 1));
    }

    [Fact]
    public async Task Caller_WithoutTls_IsLetGo_AndNothingReachesTheUpstream()
    {
        await using var upstream = TcpUpstream.Start();
        await using var host = await StartAsync(("any:Protocol", "tcp"), ("any:Addresses:0", upstream.Address));
        using var caller = await TcpPeer.ConnectAsync(host.Port(0));
        await caller.SendAsync("plain text\n");
        await caller.ExpectClosedAsync();
        Assert.Equal(0, upstream.Accepted);
    }

    [SkippableFact]
    public async Task Connections_OfCallersAndToTheUpstream_AreProbed()
    {
        // Where the kernel lists connections with their timers: 02 is the one for probes (Documentation/networking/proc_net_tcp.rst).
        const string list = "/proc/net/tcp";
        Skip.IfNot(File.Exists(list), "there is no /proc/net/tcp");
        await using var upstream = TcpUpstream.Start();
        await using var host = await GatewayHost.StartAsync(("any:Protocol", "tcp"), ("any:Addresses:0", upstream.Address), ("any:Listen", "127.0.0.1:0"));
        using var caller = await TcpPeer.ConnectAsync(host.Port(0));
        var peer = await upstream.ConnectionAsync();
        await caller.SendAsync("word");
        await peer.ExpectAsync("word");
        await Eventually.HoldsAsync(() => IsProbed(list, local: PortOf(host.Port(0))), "the caller's connection to be probed");
        await Eventually.HoldsAsync(() => IsProbed(list, remote: PortOf(upstream.Address)), "the upstream's connection to be probed");
    }

    private static bool IsProbed(string list, int? local = null, int? remote = null)
    {
        foreach (var line in File.ReadLines(list).Skip(1))
        {
            // Number, local and remote as address:port in hexadecimal, state (01 is established), queues, timer:when.
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var isIt = columns[3] == "01" && (local is null || Port(columns[1]) == local) && (remote is null || Port(columns[2]) == remote);
            if (isIt && columns[5].StartsWith("02:", StringComparison.Ordinal)) return true;
        }

        return false;
    }

    private static int Port(string column) => int.Parse(column.Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static int PortOf(string address) => IPEndPoint.Parse(address).Port;

    private static async Task<string> ReadAsync(SslStream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes).AsTask().InTime($"{count} bytes");
        return Encoding.ASCII.GetString(bytes);
    }

    private static async Task<SslStream> ConnectAsync(GatewayHost host)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPEndPoint.Parse(host.Port(0))).InTime("a connection");
        var secured = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false, (_, shown, _, _) => shown is not null);

        // A protocol that the port does not know is no reason to refuse.
        await secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", ApplicationProtocols = [new SslApplicationProtocol("any")] }).InTime("the handshake");
        return secured;
    }

    private async Task<GatewayHost> StartAsync(params (string Key, string Value)[] settings)
    {
        using var certificate = _certificates.Server("localhost");
        using var key = certificate.GetECDsaPrivateKey()!;
        var (certificateFile, keyFile) = (_certificates.Write("port.pem", certificate.ExportCertificatePem()), _certificates.Write("port.key", key.ExportPkcs8PrivateKeyPem()));
        return await GatewayHost.StartAsync([("any:Listen", "127.0.0.1:0"), ("any:ListenTls:CertificateFile", certificateFile), ("any:ListenTls:KeyFile", keyFile), .. settings]);
    }
}
