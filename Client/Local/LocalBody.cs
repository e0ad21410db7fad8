using System.Diagnostics.CodeAnalysis;
using OrleansPool.Client.Messages;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Client.Local;

/// <summary>
/// A response's body as it comes from the upstream. With its end the call is over: its trailers are put into the response, its permit is free. A failure
/// becomes trailers for a gRPC caller, if it comes between two messages, and an exception for any other.
/// </summary>
internal sealed class LocalBody(CallResponse answer, HttpResponseMessage response, bool isGrpc, CancellationToken caller) : Stream
{
    private MessageBoundary _boundary;
    private bool _isEnded;
    private bool _isHalfOpen;
    private int _isOver;

    // A response that its owner forgot would keep its permit for good.
    [SuppressMessage("Design", "MA0055:Do not use finalizer", Justification = "What is at stake is no memory of this process, but a part of the limit of all.")]
    ~LocalBody() => Dispose(false);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // To the answer a read of nothing would mean its end.
        if (_isEnded || buffer.IsEmpty) return new(0);
        var reading = answer.ReadAsync(buffer);
        return reading.IsCompletedSuccessfully ? new(Take(reading.GetAwaiter().GetResult(), buffer.Span)) : AwaitAsync(reading, buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The body is read asynchronously only.");

    public override void Flush() => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        // What a session whose upstream has ended has written before goes all the same.
        if (disposing && !_isHalfOpen) EndCall();
        if (!disposing) ThreadPool.UnsafeQueueUserWorkItem(static body => body.EndCall(), this, preferLocal: false);
        base.Dispose(disposing);
    }

    private async ValueTask<int> AwaitAsync(ValueTask<BodyRead> reading, Memory<byte> buffer, CancellationToken cancellation)
    {
        // The call hears its caller's token by itself; another one ends it here. The read is waited for even so, since it writes into the reader's memory.
        var withdrawal = cancellation == caller ? default : cancellation.UnsafeRegister(static body => ((LocalBody)body!).EndCall(), this);
        try
        {
            var read = await reading.ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            return Take(read, buffer.Span);
        }
        catch (Exception e) when (e is not OperationCanceledException && cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        finally
        {
            await withdrawal.DisposeAsync().ConfigureAwait(false);
        }
    }

    private int Take(BodyRead read, ReadOnlySpan<byte> buffer)
    {
        if (isGrpc) _boundary.Pass(buffer[..read.Count]);
        if (read.Count > 0) return read.Count;
        EndCallWithRequest();
        if (read.Failure is { Code: FailureCode.CallerCancelled }) throw new OperationCanceledException(caller);
        if (read.Failure is { } failure) Replies.EndWith(response, failure, isGrpc, _boundary);
        else if (answer.Message is null) Replies.AddTrailers(response, answer.Trailers);
        _isEnded = true;
        return 0;
    }

    // A TCP session's request may go on; then the call ends with that.
    private void EndCallWithRequest()
    {
        var requestDone = answer.WhenRequestDoneAsync();
        _isHalfOpen = !requestDone.IsCompleted;
        if (_isHalfOpen) _ = EndCallAfterAsync(requestDone);
        else EndCall();
    }

    private async Task EndCallAfterAsync(Task requestDone)
    {
        await requestDone.ConfigureAwait(false);
        EndCall();
    }

    [SuppressMessage("Usage", "CA1816:Call GC.SuppressFinalize correctly", Justification = "With the end of the body nothing is left to be given back.")]
    private void EndCall()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 1) return;
        GC.SuppressFinalize(this);
        _ = answer.DisposeAsync().AsTask();
    }
}
