using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.JsonRpc;

namespace OrleansPool.Gateway.Tests.Faults;

/// <summary>A server of one protocol that says back what it hears.</summary>
internal sealed class EchoUpstream : IAsyncDisposable
{
    private readonly IAsyncDisposable _server;

    private EchoUpstream(string address, IAsyncDisposable server) => (Address, _server) = (address, server);

    /// <summary><c>ip:port</c>.</summary>
    public string Address { get; }

    public static async Task<EchoUpstream> StartAsync(string protocol)
    {
        switch (protocol)
        {
            case "tcp" or "pipelined":
                var bytes = new Bytes();
                return new EchoUpstream(bytes.Address, bytes);
            case "jsonrpc":
                var json = new JsonRpcUpstream();
                return new EchoUpstream(json.Address, json);
            default:
                var web = await WebUpstream.StartAsync(protocol == "grpc" ? SayBackMessageAsync : SayBackAsync);
                return new EchoUpstream(protocol == "http1" ? web.Http1 : web.Http2, web);
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task SayBackAsync(HttpContext context)
    {
        context.Response.ContentLength = context.Request.ContentLength;
        await context.Request.Body.CopyToAsync(context.Response.Body);
    }

    // The message with its prefix, as it came.
    private static async Task SayBackMessageAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        await context.Request.Body.CopyToAsync(context.Response.Body);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private sealed class Bytes : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _accepting;

        public Bytes()
        {
            _listener.Start();
            _accepting = AcceptAsync();
        }

        public string Address => _listener.LocalEndpoint.ToString()!;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _listener.Stop();
            await _accepting;
            _stop.Dispose();
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true) _ = SayBackAsync(await _listener.AcceptTcpClientAsync(_stop.Token), _stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
            {
                // Stopped.
            }
        }

        private static async Task SayBackAsync(TcpClient client, CancellationToken stop)
        {
            using (client)
            {
                try
                {
                    await client.GetStream().CopyToAsync(client.GetStream(), stop);
                }
                catch (Exception e) when (e is IOException or OperationCanceledException)
                {
                    // It broke, or the test is over.
                }
            }
        }
    }
}
