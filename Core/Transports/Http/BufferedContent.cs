using System.Runtime.InteropServices;

namespace OrleansPool.Core.Transports.Http;

/// <summary>
/// A body that is here whole. Derived from <see cref="ByteArrayContent"/> because the handler sends that kind without the extra work for duplex bodies.
/// </summary>
internal sealed class BufferedContent : ByteArrayContent
{
    private readonly bool _announceLength;

    /// <param name="body">The bytes; must stay unchanged until the call is answered.</param>
    /// <param name="announceLength">Add a content-length where the caller sent none: HTTP/1.1 would use chunks otherwise, HTTP/2 needs neither.</param>
    public BufferedContent(ReadOnlyMemory<byte> body, bool announceLength)
        : this(MemoryMarshal.TryGetArray(body, out var array) ? array : new ArraySegment<byte>(body.ToArray()), announceLength)
    {
    }

    private BufferedContent(ArraySegment<byte> body, bool announceLength)
        : base(body.Array!, body.Offset, body.Count) => _announceLength = announceLength;

    protected override bool TryComputeLength(out long length)
    {
        if (_announceLength) return base.TryComputeLength(out length);
        length = 0;
        return false;
    }
}
