namespace OrleansPool.Core.Transports.Framing;

/// <summary>A framing whose frames have at most so many bytes.</summary>
internal sealed class BoundedFraming(IFraming framing, long maxBytes) : IFraming
{
    public FrameScanner Requests() => Bounded(framing.Requests());

    public FrameScanner Replies() => Bounded(framing.Replies());

    public ReadOnlyMemory<byte> Describe(Model.Failures.CallFailure failure) => framing.Describe(failure);

    private FrameScanner Bounded(FrameScanner scanner)
    {
        scanner.MaxBytes = maxBytes;
        return scanner;
    }
}
