using System.Net;

namespace OrleansPool.Gateway.Tests.Hosting;

/// <summary>A request's body of any length without its memory: one piece again and again. Tells how much of it the client has taken.</summary>
internal sealed class Pieces(byte[] piece, long length, Action<long> onTaken) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        for (long taken = 0; taken < length; taken += piece.Length)
        {
            await stream.WriteAsync(piece.AsMemory(0, (int)Math.Min(piece.Length, length - taken)));
            onTaken(taken + piece.Length);
        }
    }

    protected override bool TryComputeLength(out long known)
    {
        known = length;
        return true;
    }
}
