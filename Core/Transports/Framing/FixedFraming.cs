namespace OrleansPool.Core.Transports.Framing;

/// <summary>Every frame has the same length.</summary>
/// <param name="frameBytes">That length, 1 or more.</param>
public sealed class FixedFraming(int frameBytes) : IFraming
{
    /// <inheritdoc />
    public FrameScanner Requests() => new Scanner(frameBytes);

    /// <inheritdoc />
    public FrameScanner Replies() => new Scanner(frameBytes);

    private sealed class Scanner(int frameBytes) : FrameScanner
    {
        protected override FrameScan Find(ReadOnlySpan<byte> bytes) => UpTo(frameBytes, bytes.Length);
    }
}
