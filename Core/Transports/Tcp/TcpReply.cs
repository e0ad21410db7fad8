using System.Buffers;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Transports.Framing;

namespace OrleansPool.Core.Transports.Tcp;

/// <summary>The reply of an exchange, to the end of its frame. Bytes behind that, or a reply left unread, spoil the channel.</summary>
internal sealed class TcpReply(TcpChannel channel, FrameScanner scanner) : UpstreamResponse
{
    private const int FirstReadSize = 4096;

    private byte[]? _first = ArrayPool<byte>.Shared.Rent(FirstReadSize);
    private Memory<byte> _unread;
    private bool _isOver;

    public override int Status => 200;

    public override HeaderBlock Headers { get; } = new(0);

    public override HeaderBlock Trailers => new(0);

    public override bool IsRequestDone => true;

    /// <summary>Waits for the first bytes: until then, a failure is the whole outcome.</summary>
    public async ValueTask<SendResult> BeginAsync(CancellationToken cancellation)
    {
        var isBegun = false;
        try
        {
            var read = await ReceiveAsync(_first, cancellation).ConfigureAwait(false);
            if (read.Failure is not null) return SendResult.Failed(read.Failure);
            _unread = _first.AsMemory(0, read.Count);
            isBegun = true;
            return SendResult.Answered(this);
        }
        finally
        {
            if (!isBegun) await DisposeAsync().ConfigureAwait(false);
        }
    }

    public override ValueTask<BodyRead> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (!_unread.IsEmpty)
        {
            var count = Math.Min(_unread.Length, buffer.Length);
            _unread[..count].CopyTo(buffer);
            _unread = _unread[count..];
            return new(new BodyRead(count));
        }

        return _isOver ? new(new BodyRead(0)) : ReceiveAsync(buffer, cancellation);
    }

    public override ValueTask DisposeAsync()
    {
        if (!_isOver) channel.Spoil();
        if (_first is not null) ArrayPool<byte>.Shared.Return(_first);
        (_first, _unread) = (null, default);
        return default;
    }

    private async ValueTask<BodyRead> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        var read = await channel.Connection.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        if (read.IsEnd) return new BodyRead(new CallFailure(FailureCode.UpstreamClosed, "The upstream closed the connection before its reply was whole."));
        return read.Failure is null ? Take(buffer.Span[..read.Count]) : read;
    }

    private BodyRead Take(ReadOnlySpan<byte> bytes)
    {
        var scan = scanner.Scan(bytes);
        if (scan.Error is not null) return new BodyRead(new CallFailure(FailureCode.UpstreamProtocolError, $"{scan.Error}. Check Tcp:Framing, and Tcp:MaxFrameBytes."));
        _isOver = scan.IsEnd;
        if (scan.Count < bytes.Length) channel.Spoil();
        else if (scan.IsEnd) channel.Connection.BeginIdle();
        return new BodyRead(scan.Count);
    }
}
