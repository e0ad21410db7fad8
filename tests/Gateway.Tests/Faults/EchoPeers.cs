using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
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

    private readonly string _protocol;
    private readonly WebUpstream? _web;
    private readonly TcpListener? _lines;
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http;
    private int _calls;

    private EchoPeers(string protocol, WebUpstream? web, TcpListener? lines, FaultProxy network, GatewayHost host)
    {
        (_protocol, _web, _lines, Network, Host) = (protocol, web, lines, network, host);
        _http = protocol == "http2" ? Callers.Http2(host.Address) : Callers.Http1(host.Address);
        if (lines is not null) _ = AcceptAsync(lines);
    }

    public FaultProxy Network { get; }

    public GatewayHost Host { get; }

    public static async Task<EchoPeers> StartAsync(string protocol, TimeSpan deadline)
    {
        var lines = protocol == "tcp" ? new TcpListener(IPAddress.Loopback, 0) : null;
        lines?.Start();
        var web = protocol == "tcp" ? null : await WebUpstream.StartAsync(SayBackAsync);
        var network = FaultProxy.Start(lines is not null ? lines.LocalEndpoint.ToString()! : protocol == "http1" ? web!.Http1 : web!.Http2);
        List<(string, string)> settings =
        [
            ("echo:Protocol", protocol), ("echo:Addresses:0", network.Address), ("echo:Pool:Max", $"{Connections}"), ("echo:Limits:DefaultDeadline", $"{deadline:c}"),
            ("echo:Pool:BreakDuration", "00:00:00.500"), ("echo:Pool:MaxBreakDuration", "00:00:00.500"), ("echo:Pool:ConnectTimeout", "00:00:01"),
        ];
        if (lines is not null) settings.AddRange([("echo:Listen", "127.0.0.1:0"), ("echo:Tcp:Mode", "framed"), ("echo:Tcp:Framing", "delimiter"), ("echo:Tcp:Delimiter", "\\n")]);
        return new EchoPeers(protocol, web, lines, network, await GatewayHost.StartAsync([.. settings]));
    }

    /// <summary>One call with <paramref name="size"/> bytes: true when it was answered, false when the caller was told otherwise. Never a reply that is another's.</summary>
    public async Task<bool> CallAsync(int size = 100)
    {
        var word = $"call {Interlocked.Increment(ref _calls)} ".PadRight(size, 'x');
        var reply = await (_lines is null ? HttpAsync(word) : LineAsync(word)).InTime("an answer, or none");
        if (reply is not null) Assert.Equal(word, reply);
        return reply is not null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _http.Dispose();
        _lines?.Stop();
        await Network.DisposeAsync();
        await Host.DisposeAsync();
        if (_web is not null) await _web.DisposeAsync();
        _stop.Dispose();
    }

    private async Task<string?> HttpAsync(string word)
    {
        try
        {
            using var answer = await _http.PostAsync("/e/echo/", new StringContent(word));
            return answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadAsStringAsync() : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return null;
        }
    }

    private async Task<string?> LineAsync(string word)
    {
        try
        {
            using var caller = new TcpClient();
            await caller.ConnectAsync(IPEndPoint.Parse(Host.Port(0)));
            await caller.GetStream().WriteAsync(Encoding.ASCII.GetBytes(word + "\n"));
            using var reader = new StreamReader(caller.GetStream());
            return await reader.ReadLineAsync();
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return null;
        }
    }

    private static async Task SayBackAsync(HttpContext context)
    {
        context.Response.ContentLength = context.Request.ContentLength;
        await context.Request.Body.CopyToAsync(context.Response.Body);
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true) _ = SayBackAsync(await listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task SayBackAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await client.GetStream().CopyToAsync(client.GetStream(), _stop.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // It broke, or the test is over.
            }
        }
    }
}
