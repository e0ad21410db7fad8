using System.Net;
using System.Net.Sockets;

namespace OrleansPool.Testing.Faults;

/// <summary>
/// A network in trouble: a TCP proxy whose two ways have a <see cref="Toxic"/> each, and which can be down. What is set holds for open connections, too,
/// from their next bytes on. The faults are those that Toxiproxy made usual. Thread-safe.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Socket> _sockets = [];
    private readonly Lock _gate = new();
    private volatile Toxic _toUpstream = new Toxic.None();
    private volatile Toxic _toCaller = new Toxic.None();
    private volatile bool _isDown;
    private Task _accepting = Task.CompletedTask;
    private int _accepted;

    private FaultProxy(IPEndPoint target) => _target = target;

    /// <summary><c>127.0.0.1:port</c>.</summary>
    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Connections so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>What happens to the bytes on their way to the upstream.</summary>
    public Toxic ToUpstream
    {
        get => _toUpstream;
        set => _toUpstream = value;
    }

    /// <summary>What happens to the bytes on their way back.</summary>
    public Toxic ToCaller
    {
        get => _toCaller;
        set => _toCaller = value;
    }

    /// <summary>While true connections close as soon as they are open; setting it closes those that are.</summary>
    public bool IsDown
    {
        get => _isDown;
        set
        {
            _isDown = value;
            if (value) CloseAll();
        }
    }

    /// <summary>A proxy in front of <c>ip:port</c>.</summary>
    public static FaultProxy Start(string target)
    {
        var proxy = new FaultProxy(IPEndPoint.Parse(target));
        proxy._listener.Start();
        proxy._accepting = proxy.AcceptAsync();
        return proxy;
    }

    /// <summary>No toxic any more, and not down.</summary>
    public void Heal() => (IsDown, ToUpstream, ToCaller) = (false, new Toxic.None(), new Toxic.None());

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _stop.CancelAsync();
        CloseAll();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var caller = await _listener.AcceptSocketAsync();
                Interlocked.Increment(ref _accepted);
                if (IsDown) caller.Dispose();
                else _ = ConnectAsync(caller);
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // Stopped: while waiting, or before the listener was asked again.
        }
    }

    private async Task ConnectAsync(Socket caller)
    {
        var upstream = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        caller.NoDelay = true;
        lock (_gate) _sockets.AddRange([caller, upstream]);
        try
        {
            await upstream.ConnectAsync(_target, _stop.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            caller.Dispose();
            return;
        }

        var ways = new[] { new FaultLink(caller, upstream, () => ToUpstream, _stop.Token), new FaultLink(upstream, caller, () => ToCaller, _stop.Token) };
        await Task.WhenAll(ways.Select(way => way.RunAsync()));
        caller.Dispose();
        upstream.Dispose();
    }

    private void CloseAll()
    {
        lock (_gate)
        {
            _sockets.ForEach(socket => socket.Dispose());
            _sockets.Clear();
        }
    }
}
