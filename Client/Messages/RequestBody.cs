using System.Buffers;
using System.IO.Pipelines;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Client.Messages;

/// <summary>
/// Takes a request's body as its owner writes it. A body that is complete at once and fits into one message is kept whole; else it becomes a stream, with
/// as much held back as one message carries.
/// </summary>
internal sealed class RequestBody : Stream
{
    private readonly Lock _gate = new();
    private byte[] _whole = [];
    private int _length;
    private Pipe? _pipe;

    private RequestBody()
    {
    }

    /// <summary>The body, when it is whole.</summary>
    public ReadOnlyMemory<byte> Whole => _whole.AsMemory(0, _length);

    /// <summary>The body as it comes, or null when it is whole.</summary>
    public PipeReader? Reader => _pipe?.Reader;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Starts to take <paramref name="content"/>. Completes at once.</summary>
    public static async ValueTask<RequestBody> TakeAsync(HttpContent content, CancellationToken cancellation)
    {
        var body = new RequestBody();
        var copying = content.CopyToAsync(body, cancellation);
        if (copying.IsCompleted && body._pipe is null)
        {
            await copying.ConfigureAwait(false);
            return body;
        }

        lock (body._gate) body.BecomeStream_NeedsLock();
        _ = body.EndWithAsync(copying);
        return body;
    }

    /// <summary>Gives the memory of a whole body back; only when nobody can still be reading it.</summary>
    public void Recycle()
    {
        var whole = Interlocked.Exchange(ref _whole, []);
        if (whole.Length > 0) ArrayPool<byte>.Shared.Return(whole);
        _length = 0;
    }

    /// <summary>Nobody will take more of it: its owner learns so by an exception, instead of waiting for ever.</summary>
    public void Abandon() => _pipe?.Reader.Complete();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_pipe is null && TryAppend_NeedsLock(buffer.Span)) return default;
            BecomeStream_NeedsLock();
        }

        return WriteToPipeAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // What is written is on its way: the pump takes it from the pipe by itself.
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The body is taken asynchronously only.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private bool TryAppend_NeedsLock(ReadOnlySpan<byte> bytes)
    {
        var length = _length + bytes.Length;
        if (length > WireLimits.MaxBodyBytes) return false;
        if (length > _whole.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, _whole.Length * 2));
            Whole.CopyTo(larger);
            if (_whole.Length > 0) ArrayPool<byte>.Shared.Return(_whole);
            _whole = larger;
        }

        bytes.CopyTo(_whole.AsSpan(_length));
        _length = length;
        return true;
    }

    private void BecomeStream_NeedsLock()
    {
        if (_pipe is not null) return;

        // One byte more than can have been kept, so that flushing it completes at once: a pipe takes no write while a flush is pending.
        const int Threshold = WireLimits.MaxBodyBytes + 1;
        _pipe = new Pipe(new PipeOptions(pauseWriterThreshold: Threshold, resumeWriterThreshold: Threshold / 2, useSynchronizationContext: false));
        if (_length == 0) return;
        _pipe.Writer.Write(Whole.Span);
        _ = _pipe.Writer.FlushAsync().AsTask();
    }

    private async ValueTask WriteToPipeAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            var flushed = await _pipe!.Writer.WriteAsync(buffer, cancellation).ConfigureAwait(false);
            if (flushed.IsCompleted) throw CallIsOver(null);
        }
        catch (InvalidOperationException e)
        {
            // The owner's content ended, with the call perhaps, while the owner was still writing.
            throw CallIsOver(e);
        }
    }

    // As the framework's handler has it: to a gRPC client that means that the call's status says why.
    private static OperationCanceledException CallIsOver(Exception? cause) => new("The call is over; its outcome is in the response.", cause);

    private async Task EndWithAsync(Task copying)
    {
        try
        {
            await copying.ConfigureAwait(false);
            await _pipe!.Writer.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await _pipe!.Writer.CompleteAsync(e).ConfigureAwait(false);
        }
    }
}
