using System.Buffers;
using System.Net.Sockets;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Transports.Framing;

namespace OrleansPool.Core.Transports.Tcp;

/// <summary>
/// One TCP connection with many exchanges on it, for an upstream that answers requests in their order: that is all that tells whose reply a reply is. So the
/// connection is given up for good, by its pool, as soon as the order is in doubt: when an exchange ends before its reply is here, when bytes come that nobody
/// asked for, when a frame breaks the framing. Each reply is kept until it is whole, so that a caller who reads slowly holds up nobody behind it. Thread-safe.
/// </summary>
internal sealed class PipelinedChannel : CallChannel
{
    private const int ReadSize = 16 * 1024;

    // A buffer that a large reply needed is not kept for ever.
    private const int KeptBytes = 256 * 1024;

    private readonly IFraming _framing;
    private readonly Stream _connection;
    private readonly FrameScanner _scanner;
    private readonly Func<bool>? _isQuiet;
    private readonly BurstWriter _writer;
    private readonly OwedReplies _owed;
    private ArrayBufferWriter<byte> _reply = new();

    /// <summary>A connection that was just opened.</summary>
    /// <param name="framing">Where frames end.</param>
    /// <param name="connection">The connection, which this channel then owns.</param>
    /// <param name="isQuiet">
    /// A look without waiting, while nothing is asked for: false when the peer has closed, or sent something. Null where there is none: then a read of no bytes must
    /// not end for nothing, as that of a socket may.
    /// </param>
    public PipelinedChannel(IFraming framing, Stream connection, Func<bool>? isQuiet)
    {
        (_framing, _connection, _scanner, _isQuiet) = (framing, connection, framing.Replies(), isQuiet);
        _writer = new BurstWriter(connection, e => End(ChannelFailures.Broke(e)));
        _owed = new OwedReplies(_writer, isQuiet);
        _ = ReadToTheEndAsync();
    }

    /// <inheritdoc />
    public override int PeerLimit => int.MaxValue;

    /// <inheritdoc />
    /// <remarks>
    /// A request leaves whole or not at all, so a body that is still arriving is waited for. A call that is cancelled takes those behind it along: what has not left
    /// may be sent elsewhere, and nothing else.
    /// </remarks>
    public override async ValueTask<SendResult> SendAsync(CallRequest request, SendOptions options, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var frame = new ArrayBufferWriter<byte>();
        if (request.BodyReader is { } body && await CollectAsync(request, body, frame, cancellation).ConfigureAwait(false) is { } failure) return SendResult.Failed(failure);
        if (_owed.Add(this, request.BodyReader is null ? request.Body.Span : frame.WrittenSpan) is not { } exchange)
        {
            NoteSpent();
            return SendResult.Failed(ChannelFailures.NotSent());
        }

        _writer.Start();
        using var leaves = cancellation.UnsafeRegister(static (state, token) => ((Exchange)state!).Channel.Leave((Exchange)state, token), exchange);
        var reply = await exchange.Task.ConfigureAwait(false);

        // The writer stops before exchanges are failed, so that what has not left by now never will.
        if (reply.Failure is not null) return SendResult.Failed(exchange.HasLeft ? reply.Failure : ChannelFailures.NotSent());
        return SendResult.Answered(new WholeResponse(reply.Frame));
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing) => End(Lost());

    private ValueTask<CallFailure?> CollectAsync(CallRequest request, System.IO.Pipelines.PipeReader body, ArrayBufferWriter<byte> frame, CancellationToken cancellation) =>
        new FrameUpload(_framing.Requests(), request, body).SendAsync(
            (piece, _) =>
            {
                frame.Write(piece.Span);
                return default;
            },
            cancellation);

    private void Leave(Exchange exchange, CancellationToken cancellation)
    {
        if (!_owed.TryCut(exchange, out var cut)) return;
        NoteSpent();
        exchange.TrySetCanceled(cancellation);
        foreach (var other in cut) other.TrySetResult(new OwedReply(default, Cut()));
    }

    // ---- What comes from the upstream ----

    private async Task ReadToTheEndAsync()
    {
        // Off the thread that opened the channel.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            if (await ReadAllAsync().ConfigureAwait(false) is { } failure) End(failure);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            End(ChannelFailures.Broke(e));
        }
    }

    // Null when the pool is to close it, once its last call is back.
    private async ValueTask<CallFailure?> ReadAllAsync()
    {
        var buffer = new byte[ReadSize];
        while (true)
        {
            var isOwed = await IsNextOwedAsync().ConfigureAwait(false);
            var count = await _connection.ReadAsync(buffer).ConfigureAwait(false);
            if (_owed.IsDone) return null;
            if (count == 0) RaiseEnded();
            if (count == 0) return Lost();
            if (!isOwed) return Stray();
            if (Take(buffer.AsSpan(0, count)) is { } failure) return failure;
        }
    }

    // While nobody waits, what comes is left where a look at the connection finds it.
    private async ValueTask<bool> IsNextOwedAsync()
    {
        while (_owed.IsEmpty)
        {
            await _connection.ReadAsync(Memory<byte>.Empty).ConfigureAwait(false);
            if (_isQuiet?.Invoke() != true) break;
        }

        return _owed.TryBeginRead();
    }

    private CallFailure? Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var scan = _scanner.Scan(bytes);
            if (scan.Error is not null) return new CallFailure(FailureCode.UpstreamProtocolError, $"{scan.Error}. Check Tcp:Framing, and Tcp:MaxFrameBytes.");
            _reply.Write(bytes[..scan.Count]);
            bytes = bytes[scan.Count..];
            if (!scan.IsEnd) continue;
            if (!_owed.TryAnswer(_reply.WrittenSpan, isMoreBehind: !bytes.IsEmpty)) return _owed.IsDone ? null : Stray();
            if (_reply.Capacity > KeptBytes) _reply = new ArrayBufferWriter<byte>();
            else _reply.ResetWrittenCount();
        }

        return null;
    }

    // ---- The end ----

    private void End(CallFailure failure)
    {
        _writer.Stop();
        _connection.Dispose();
        _owed.FailAll(failure);
        RaiseClosed();
    }

    private static CallFailure Lost() => new(FailureCode.UpstreamClosed, "The connection was closed before its reply was whole.");

    private static CallFailure Stray() => new(FailureCode.UpstreamProtocolError, "The upstream sent bytes that answer nothing; with Tcp:Pipelining it must answer each request once, in their order.");

    private static CallFailure Cut() => new(FailureCode.PipelineCut, "A call before this one on the same connection ended before its reply came, so the connection was given up.");
}
