using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Transports.Framing;

/// <summary>
/// How a protocol over TCP tells where one message ends and the next begins. To add one of your own, implement it and register it under a name
/// (docs/tcp.md). Thread-safe: it only makes scanners.
/// </summary>
public interface IFraming
{
    /// <summary>A scanner at the beginning of what a caller sends.</summary>
    FrameScanner Requests();

    /// <summary>A scanner at the beginning of what an upstream sends.</summary>
    FrameScanner Replies();

    /// <summary>
    /// How the protocol tells a caller that there is no reply, as one whole frame; none where it has no word for that, which is the default: then the
    /// caller's connection is reset.
    /// </summary>
    ReadOnlyMemory<byte> Describe(CallFailure failure) => default;
}
