using System.Runtime.CompilerServices;

namespace OrleansPool.Core.Transports.Http;

/// <summary>
/// Stands between the HTTP handler and the connection's plaintext, and lets the channel see what passes: bytes in, bytes out, the end. It changes
/// nothing and copies nothing.
/// </summary>
internal sealed class ChannelStream(Stream inner, IChannelTraffic traffic) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // The handler reads zero bytes to wait for data without holding a buffer: such a read sees nothing.
        if (buffer.IsEmpty) return inner.ReadAsync(buffer, cancellationToken);
        var reading = inner.ReadAsync(buffer, cancellationToken);
        if (!reading.IsCompletedSuccessfully) return AwaitReadAsync(reading, buffer);
        var count = reading.GetAwaiter().GetResult();
        traffic.OnReceived(buffer.Span[..count]);
        return new(count);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        traffic.OnSending(buffer.Length);
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            traffic.OnDisposed();
        }

        base.Dispose(disposing);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> AwaitReadAsync(ValueTask<int> reading, Memory<byte> buffer)
    {
        var count = await reading.ConfigureAwait(false);
        traffic.OnReceived(buffer.Span[..count]);
        return count;
    }
}
