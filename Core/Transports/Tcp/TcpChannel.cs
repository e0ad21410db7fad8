using OrleansPool.Core.Model;

namespace OrleansPool.Core.Transports.Tcp;

/// <summary>
/// One TCP connection, for one call at a time. It is used again only after a call that left it clean: all of the request was sent, all of the reply was
/// read, and nothing came behind it. Whatever else happens (a caller that leaves, a deadline, a reset, bytes that nobody asked for) ends it. Thread-safe.
/// </summary>
public sealed class TcpChannel : CallChannel
{
    private readonly TcpTransportSettings _settings;
    private volatile bool _isFresh = true;

    internal TcpChannel(TcpTransportSettings settings, TcpConnection connection) => (_settings, Connection) = (settings, connection);

    /// <inheritdoc />
    public override int PeerLimit => 1;

    internal TcpConnection Connection { get; }

    /// <inheritdoc />
    public override bool IsUsable() => !IsGoingAway && (_isFresh ? Connection.IsOpen() : Connection.IsQuiet());

    /// <inheritdoc />
    /// <remarks>Once the first byte of a request may have left, no failure says that it was not sent.</remarks>
    public override async ValueTask<SendResult> SendAsync(CallRequest request, SendOptions options, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var isSession = request.Method is TcpMethods.Session;
        if (!IsUsable() || !(isSession || Connection.IsQuiet()))
        {
            Spoil();
            return SendResult.Failed(ChannelFailures.NotSent());
        }

        _isFresh = false;
        return isSession
            ? SendResult.Answered(new TcpSession(this, _settings, request))
            : await ExchangeAsync(request, cancellation).ConfigureAwait(false);
    }

    /// <summary>Not to be used again: it closes when its call gives it back.</summary>
    internal void Spoil() => NoteSpent();

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        Connection.Close();
        RaiseClosed();
    }

    private async ValueTask<SendResult> ExchangeAsync(CallRequest request, CancellationToken cancellation)
    {
        var framing = _settings.Framing ?? throw new InvalidOperationException("An exchange was let through to an endpoint without a framing.");
        try
        {
            var failure = request.BodyReader is { } reader
                ? await new FrameUpload(framing.Requests(), request, reader).SendAsync(Connection.WriteAsync, cancellation).ConfigureAwait(false)
                : await Connection.WriteAsync(request.Body, cancellation).ConfigureAwait(false);
            if (failure is null) return await new TcpReply(this, framing.Replies()).BeginAsync(cancellation).ConfigureAwait(false);
            Spoil();
            return SendResult.Failed(failure);
        }
        catch
        {
            Spoil();
            throw;
        }
    }
}
