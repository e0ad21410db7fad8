using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Transports.Http;

/// <summary>
/// One HTTP connection: a <see cref="SocketsHttpHandler"/> that is given exactly one connection and refused any other. The handler hides the peer's
/// settings and GOAWAY, and would queue calls above the peer's limit without a word; so the channel reads along (<see cref="Http2FrameScanner"/>), and
/// a call for which the handler finds no place fails at once as not sent (<see cref="ChannelSpentException"/>), for the pool to place anew. Thread-safe.
/// </summary>
public sealed class HttpChannel : CallChannel, IChannelTraffic, IHttp2PeerEvents
{
    private readonly HttpTransportSettings _settings;
    private readonly Socket _socket;
    private readonly HttpMessageInvoker _invoker;
    private readonly Http2FrameScanner _scanner;
    private readonly TaskCompletionSource _peerSettings = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly UpstreamMessageFactory _messages;
    private readonly PeerResets _resets = new();

    private Stream? _connection;
    private CancellationTokenSource? _opener;
    private volatile int _peerLimit;
    private long _bytesSent;

    internal HttpChannel(HttpTransportSettings settings, UpstreamAddress address, Socket socket, Stream connection)
    {
        (_settings, _socket, _connection) = (settings, socket, connection);
        _scanner = new Http2FrameScanner(this);
        _messages = new UpstreamMessageFactory(settings, address);
        _invoker = new HttpMessageInvoker(NewHandler());
        _peerLimit = settings.Protocol.IsMultiplexed() ? int.MaxValue : 1;
    }

    /// <inheritdoc />
    public override int PeerLimit => _peerLimit;

    /// <summary>The largest header list that the peer takes, by its own measure of 32 bytes a header on top; <see cref="int.MaxValue"/> when it set none.</summary>
    public int PeerHeaderLimit { get; private set; } = int.MaxValue;

    /// <inheritdoc />
    /// <remarks>An HTTP/2 connection is read all the time and needs no look.</remarks>
    public override bool IsUsable() => !IsGoingAway && (_settings.Protocol.IsMultiplexed() || IdleSocket.IsQuiet(_socket, _settings.Tls.Enabled));

    /// <inheritdoc />
    /// <remarks>Hop-by-hop headers are dropped on the way.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<SendResult> SendAsync(CallRequest request, SendOptions options, CancellationToken cancellation)
    {
        if (IsGoingAway) return SendResult.Failed(ChannelFailures.NotSent());
        StreamedContent? body = null;
        if (HeaderSize(request) > PeerHeaderLimit)
            return SendResult.Failed(new CallFailure(FailureCode.HeadersTooLarge, $"The upstream takes at most {PeerHeaderLimit} bytes of headers."));

        var sentBefore = Interlocked.Read(ref _bytesSent);
        var isLent = request.Message is not null && options.IsAlone && !_resets.HaveRefused;
        var lent = isLent ? _messages.Borrow(request, options) : default;
        try
        {
            var message = isLent ? lent.Message : _messages.Create(request, options, out body);
            var response = await _invoker.SendAsync(message, cancellation).ConfigureAwait(false);
            return SendResult.Answered(new HttpUpstreamResponse(response, body, _resets));
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            var provablyUnsent = _settings.Protocol.IsMultiplexed() || Interlocked.Read(ref _bytesSent) == sentBefore;
            if (body is not null) await body.StopAsync().ConfigureAwait(false);
            return SendResult.Failed(body?.SourceFailure ?? UpstreamFailures.From(e, provablyUnsent, _resets));
        }
        catch
        {
            if (body is not null) await body.StopAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            if (isLent) lent.GiveBack();
        }
    }

    /// <summary>
    /// Makes the handler open HTTP/2 on the connection and waits for the peer's settings. The handler does so only for a call; the call it is given here
    /// is withdrawn the moment the handler writes its preface, before a byte of it is sent. Closes the channel when it fails.
    /// </summary>
    internal async ValueTask<CallFailure?> ShakeHandsAsync(CancellationToken cancellation)
    {
        try
        {
            await OpenAsync(cancellation).ConfigureAwait(false);
            await _peerSettings.Task.WaitAsync(cancellation).ConfigureAwait(false);
            if (_peerLimit == 0) throw new IOException("It takes no calls on a fresh connection.");
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            Dispose();
            return new CallFailure(FailureCode.HandshakeFailed, $"{_messages.Authority}: {(e.InnerException ?? e).Message}");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        // The socket first: disposing the handler alone would wait for calls in flight.
        _socket.Dispose();
        _invoker.Dispose();
        Interlocked.Exchange(ref _connection, null)?.Dispose();
        RaiseClosed();
    }

    private static int HeaderSize(CallRequest request) => request.Message is not null ? request.Caller.HeaderSize : request.Headers.Size + (32 * request.Headers.Count);

    private async ValueTask OpenAsync(CancellationToken cancellation)
    {
        // Not disposed: the first write may still be cancelling it when the call ends.
        var withdrawal = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Volatile.Write(ref _opener, withdrawal);
        try
        {
            using var message = _messages.CreateOpener();
            using var response = await _invoker.SendAsync(message, withdrawal.Token).ConfigureAwait(false);
            throw new IOException("It answered a call that was not sent.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Withdrawn as planned.
        }
        finally
        {
            Volatile.Write(ref _opener, null);
        }
    }

    private SocketsHttpHandler NewHandler() => new()
    {
        ConnectCallback = (_, _) => Interlocked.Exchange(ref _connection, null) is { } connection ? new(connection) : throw new ChannelSpentException(),
        PlaintextStreamFilter = (context, _) => new(new ChannelStream(context.PlaintextStream, this)),

        // With one connection only, "multiple" makes a call above the peer's limit ask for a second one, and fail, instead of queueing in silence.
        EnableMultipleHttp2Connections = true,
        MaxConnectionsPerServer = 1,

        // Idle time, lifetime and the time to connect are the pool's business.
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
        ConnectTimeout = Timeout.InfiniteTimeSpan,

        // An answer left half read ends its HTTP/1.1 connection: draining it in the background would make the next call wait unseen.
        MaxResponseDrainSize = 0,

        KeepAlivePingDelay = _settings.KeepAlivePingDelay == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : _settings.KeepAlivePingDelay,
        KeepAlivePingTimeout = _settings.KeepAlivePingTimeout,
        KeepAlivePingPolicy = _settings.KeepAliveWithoutCalls ? HttpKeepAlivePingPolicy.Always : HttpKeepAlivePingPolicy.WithActiveRequests,

        // Nothing is added, followed, unpacked or remembered: bytes pass. Latin-1 maps every byte to one char and back.
        RequestHeaderEncodingSelector = EncodingOf,
        ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
    };

    // Nothing in a caller's own message tells that it is being sent a second time. But before the handler repeats one, the frame has passed that refused it: from then
    // on none goes as it is on this connection, and one that was about to is placed anew.
    private Encoding EncodingOf(string header, HttpRequestMessage message) =>
        message is UpstreamMessage own ? own.EncodingOf(header) : _resets.HaveRefused ? throw new ChannelSpentException() : Encoding.Latin1;

    void IChannelTraffic.OnReceived(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            _peerSettings.TrySetException(new IOException("The connection was closed before the peer's first settings came."));
            RaiseEnded();
        }
        else if (_settings.Protocol.IsMultiplexed())
        {
            _scanner.Scan(bytes);
        }
    }

    void IChannelTraffic.OnSending(int count)
    {
        Interlocked.Add(ref _bytesSent, count);
        if (_opener is not null) Interlocked.Exchange(ref _opener, null)?.Cancel();
    }

    void IChannelTraffic.OnDisposed()
    {
        _peerSettings.TrySetException(new IOException("The connection broke before the peer's first settings came."));

        // The handler may hold its lock here, so the pool must not be told on this thread. But the call that ended with the connection may be given back
        // before the other thread runs, and the next one must not follow it.
        NoteSpent();
        ThreadPool.UnsafeQueueUserWorkItem(static channel => channel.Dispose(), this, preferLocal: false);
    }

    void IHttp2PeerEvents.OnSettings(Http2Settings settings)
    {
        if (settings.MaxHeaderListSize is { } headers) PeerHeaderLimit = headers;
        if (settings.MaxConcurrentStreams is { } streams) _peerLimit = streams;
        if (!_peerSettings.TrySetResult() && settings.MaxConcurrentStreams is not null) RaisePeerLimitChanged();
    }

    void IHttp2PeerEvents.OnReset(uint errorCode) => _resets.Note(errorCode);

    void IHttp2PeerEvents.OnGoAway(uint errorCode) => RaiseGoingAway();
}
