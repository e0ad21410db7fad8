using System.Net;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Tests.Pooling;

/// <summary>A transport whose every step the test decides, and which keeps its own count of connections: the upstream's view.</summary>
internal sealed class ScriptedTransport : ITransport
{
    // Probes of a circuit breaker come on another thread than the test's.
    private readonly Lock _gate = new();
    private readonly List<ConnectAttempt> _pending = [];
    private readonly List<ScriptedChannel> _open = [];

    /// <summary>Attempts that the test has not answered yet, oldest first.</summary>
    public IReadOnlyList<ConnectAttempt> Pending
    {
        get
        {
            lock (_gate) return [.. _pending];
        }
    }

    /// <summary>Channels that are open now, oldest first.</summary>
    public List<ScriptedChannel> Open
    {
        get
        {
            lock (_gate) return [.. _open];
        }
    }

    /// <summary>Attempts so far.</summary>
    public int Attempts { get; private set; }

    /// <summary>Connections that the upstream can see: attempts under way and open channels.</summary>
    public int Connections
    {
        get
        {
            lock (_gate) return _pending.Count + _open.Count;
        }
    }

    /// <summary>The most that <see cref="Connections"/> ever was.</summary>
    public int MostConnections { get; private set; }

    /// <summary>Answers every attempt at once with a channel that takes this many calls; null, the default, leaves attempts to the test.</summary>
    public int? AutoConnectLimit { get; set; }

    public ValueTask<ConnectResult> ConnectAsync(ResolvedAddress address, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var attempt = new ConnectAttempt(this, address);
        lock (_gate)
        {
            Attempts++;
            _pending.Add(attempt);
            MostConnections = Math.Max(MostConnections, _pending.Count + _open.Count);
        }

        attempt.EndWith(cancellation);
        if (AutoConnectLimit is { } limit) attempt.Succeed(limit);
        return attempt.Result;
    }

    /// <summary>The attempt is answered; with a channel where it succeeded.</summary>
    internal void Answered(ConnectAttempt attempt, ScriptedChannel? channel)
    {
        lock (_gate)
        {
            _pending.Remove(attempt);
            if (channel is not null) _open.Add(channel);
        }
    }

    internal void Closed(ScriptedChannel channel)
    {
        lock (_gate) _open.Remove(channel);
    }
}

/// <summary>One attempt to connect, waiting for the test's answer.</summary>
internal sealed class ConnectAttempt
{
    private readonly ScriptedTransport _transport;

    // Continuations run inline, so that the pool has reacted when the test's call returns.
    private readonly TaskCompletionSource<ConnectResult> _result = new();

    public ConnectAttempt(ScriptedTransport transport, ResolvedAddress address) => (_transport, Address) = (transport, address);

    public ResolvedAddress Address { get; }

    public ValueTask<ConnectResult> Result => new(_result.Task);

    /// <summary>Ends when the pool withdraws it.</summary>
    public void EndWith(CancellationToken cancellation) => cancellation.Register(() =>
    {
        _transport.Answered(this, null);
        _result.TrySetCanceled(cancellation);
    });

    public ScriptedChannel Succeed(int peerLimit = int.MaxValue)
    {
        var channel = new ScriptedChannel(_transport, Address, peerLimit);
        _transport.Answered(this, channel);
        Inline.Run(() => _result.TrySetResult(ConnectResult.Connected(channel)));
        return channel;
    }

    public void Fail(FailureCode code = FailureCode.ConnectFailed)
    {
        _transport.Answered(this, null);
        Inline.Run(() => _result.TrySetResult(ConnectResult.Failed(new CallFailure(code, "scripted"))));
    }
}

/// <summary>A channel whose peer is the test.</summary>
internal sealed class ScriptedChannel(ScriptedTransport transport, ResolvedAddress address, int peerLimit) : TransportChannel
{
    private int _peerLimit = peerLimit;

    public ResolvedAddress Address { get; } = address;

    public override int PeerLimit => _peerLimit;

    /// <summary>What <see cref="IsUsable"/> says.</summary>
    public bool LooksUsable { get; set; } = true;

    /// <summary>True once the pool has closed it.</summary>
    public bool WasAskedToClose { get; private set; }

    /// <summary>Closing leaves the socket open until <see cref="FinishClosing"/>, as a slow peer would.</summary>
    public bool ClosesSlowly { get; set; }

    public override bool IsUsable() => LooksUsable && base.IsUsable();

    public void Announce(int peerLimit)
    {
        _peerLimit = peerLimit;
        RaisePeerLimitChanged();
    }

    public void GoAway() => RaiseGoingAway();

    /// <summary>It is over, and nobody has been told yet.</summary>
    public void Spend() => NoteSpent();

    public void Break() => FinishClosing();

    public void FinishClosing()
    {
        transport.Closed(this);
        RaiseClosed();
    }

    protected override void Dispose(bool disposing)
    {
        WasAskedToClose = true;
        if (!ClosesSlowly) FinishClosing();
    }
}

/// <summary>Addresses for tests.</summary>
internal static class Addresses
{
    public static ResolvedAddress Number(int n) => new(new UpstreamAddress($"10.0.0.{n}", 50051), new IPEndPoint(IPAddress.Parse($"10.0.0.{n}"), 50051));
}
