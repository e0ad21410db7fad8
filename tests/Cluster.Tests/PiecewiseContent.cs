using System.Net;

namespace OrleansPool.Cluster.Tests;

/// <summary>A request's body that comes in pieces, as fast as they are taken; then, where a test wants it, the source fails.</summary>
internal sealed class PiecewiseContent(int pieces, int pieceSize, Exception? failure = null) : HttpContent
{
    private long _written;

    /// <summary>Bytes that were taken.</summary>
    public long Written => Interlocked.Read(ref _written);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var piece = Filler.Of(pieceSize);
        for (var count = 0; count < pieces; count++)
        {
            await stream.WriteAsync(piece, cancellationToken);
            Interlocked.Add(ref _written, pieceSize);
        }

        if (failure is not null) throw failure;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
