using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace OrleansPool.Testing.Tls;

/// <summary>Speaks TLS to clients and passes the plain bytes on to another server, so that any upstream under a test's control can be had with TLS.</summary>
public sealed class TlsFront : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _names = new();
    private readonly ConcurrentQueue<string> _clients = new();
    private readonly ConcurrentQueue<string> _protocols = new();
    private readonly IPEndPoint _backend;
    private readonly SslServerAuthenticationOptions _options;
    private Task _accepting = Task.CompletedTask;
    private int _accepted;
    private int _open;

    private TlsFront(string backend, SslServerAuthenticationOptions options) => (_backend, _options) = (IPEndPoint.Parse(backend), options);

    /// <summary>Port on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections that neither side has closed.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>The names that clients asked for (SNI), in order.</summary>
    public IReadOnlyList<string> Names => [.. _names];

    /// <summary>What was agreed on by ALPN, in order; empty where nothing was.</summary>
    public IReadOnlyList<string> Protocols => [.. _protocols];

    /// <summary>Subjects of the certificates that clients presented, in order.</summary>
    public IReadOnlyList<string> Clients => [.. _clients];

    /// <summary>A front for <paramref name="backend"/> that offers these protocols; none switches ALPN off.</summary>
    public static TlsFront Start(string backend, X509Certificate2 certificate, params SslApplicationProtocol[] protocols) =>
        Start(backend, new SslServerAuthenticationOptions { ServerCertificate = certificate, ApplicationProtocols = protocols.Length == 0 ? null : [.. protocols] });

    /// <summary>A front that asks its clients for a certificate, and takes any.</summary>
    public static TlsFront StartAskingForCertificates(string backend, X509Certificate2 certificate, params SslApplicationProtocol[] protocols) => Start(backend, new SslServerAuthenticationOptions
    {
        ServerCertificate = certificate,
        ApplicationProtocols = [.. protocols],
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = (_, presented, _, _) => presented is not null,
    });

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private static TlsFront Start(string backend, SslServerAuthenticationOptions options)
    {
        var front = new TlsFront(backend, options);
        front._listener.Start();
        front._accepting = front.AcceptAsync();
        return front;
    }

    private async Task AcceptAsync()
    {
        var relays = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stopping.Token);
                Interlocked.Increment(ref _accepted);
                relays.Add(ServeAsync(socket));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException && _stopping.IsCancellationRequested)
        {
            // Stopped.
        }

        await Task.WhenAll(relays);
    }

    private async Task ServeAsync(Socket socket)
    {
        Interlocked.Increment(ref _open);
        await SecureAndRelayAsync(socket);
        Interlocked.Decrement(ref _open);
    }

    private async Task SecureAndRelayAsync(Socket socket)
    {
        await using var secured = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await secured.AuthenticateAsServerAsync((_, hello, _, _) => Choose(hello), null, _stopping.Token);
            _protocols.Enqueue(secured.NegotiatedApplicationProtocol.ToString());
            if (secured.RemoteCertificate is { } client) _clients.Enqueue(client.Subject);
            using var plain = new TcpClient();
            await plain.ConnectAsync(_backend, _stopping.Token);
            await RelayAsync(secured, plain.GetStream());
        }
        catch (Exception e) when (e is AuthenticationException or IOException or SocketException or OperationCanceledException)
        {
            // The client did not like us, left, or the test is over.
        }
    }

    private ValueTask<SslServerAuthenticationOptions> Choose(SslClientHelloInfo hello)
    {
        _names.Enqueue(hello.ServerName);
        return new(_options);
    }

    // The end of either way ends both, properly: the client is told by TLS.
    private async Task RelayAsync(SslStream secured, NetworkStream plain)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var (up, down) = (secured.CopyToAsync(plain, ending.Token), plain.CopyToAsync(secured, ending.Token));
        var first = await Task.WhenAny(up, down);
        if (first == down) await secured.ShutdownAsync();
        await ending.CancelAsync();
        await Task.WhenAll(up, down);
    }
}
