using System.Net;

namespace OrleansPool.Cluster.Tests;

/// <summary>A request's body that comes in pieces, as fast as they are taken; then, where a test wants it, the source fails.</summary>
internal sealed class PiecewiseContent(int pieces, int pieceSize, Exception? failure = null) : HttpContent
{
    private readonly TaskCompletionSource<Exception?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _written;

    /// <summary>Bytes that were taken.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>What its writing ended in; null when all was taken.</summary>
    public Task<Exception?> Ended => _ended.Task;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(stream, cancellationToken);
            _ended.SetResult(null);
        }
        catch (Exception e)
        {
            _ended.SetResult(e);
            throw;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private async Task WriteAsync(Stream stream, CancellationToken cancellation)
    {
        var piece = Filler.Of(pieceSize);
        for (var count = 0; count < pieces; count++)
        {
            await stream.WriteAsync(piece, cancellation);
            Interlocked.Add(ref _written, pieceSize);
        }

        if (failure is not null) throw failure;
    }
}
