using OrleansPool.Client.Messages;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Client.Routed;

/// <summary>
/// A response's body as its pieces come. At the end the trailers are put into the response; a failure becomes trailers for a gRPC caller, if it
/// comes between two messages, and an exception for any other.
/// </summary>
internal sealed class RoutedBody(RoutedStream stream, ReadOnlyMemory<byte> first, bool isGrpc) : Stream
{
    private ReadOnlyMemory<byte> _piece = first;
    private MessageBoundary _boundary;
    private bool _isEnded;

    /// <summary>The response that gets the trailers.</summary>
    public HttpResponseMessage? Response { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_piece.IsEmpty && !_isEnded) Take(await stream.ReadAsync(cancellationToken).ConfigureAwait(false));
        var count = Math.Min(buffer.Length, _piece.Length);
        _piece[..count].CopyTo(buffer);
        if (isGrpc) _boundary.Pass(_piece.Span[..count]);
        _piece = _piece[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The body is read asynchronously only.");

    public override void Flush() => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await stream.EndAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _ = stream.EndAsync().AsTask();
        base.Dispose(disposing);
    }

    private void Take(PieceMessage piece)
    {
        if (piece.Failure is { } failure) TakeFailing(piece, failure.ToFailure());
        else _piece = piece.Bytes;
        _isEnded = piece.Trailers is not null || piece.Failure is not null;
        if (piece.Trailers is not null) Replies.AddTrailers(Response!, new HeaderBlock(piece.Trailers));
    }

    private void TakeFailing(PieceMessage piece, CallFailure failure)
    {
        var boundary = _boundary;
        boundary.Pass(piece.Bytes.Span);
        Replies.EndWith(Response!, failure, isGrpc, boundary);
        _piece = piece.Bytes;
    }
}
