using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Calls.Streams;

/// <summary>What one read of a stream gave: the head (once, first), some bytes, then the end, which is trailers or a failure. All of it may come at once.</summary>
/// <param name="Status">HTTP status, with the head; else 0.</param>
/// <param name="Headers">Headers, with the head; else null.</param>
/// <param name="Bytes">The next bytes of the body; none when nothing came in time.</param>
/// <param name="Trailers">Not null at the proper end, when nothing more will come.</param>
/// <param name="Failure">Not null when the call failed; nothing more will come.</param>
public sealed record StreamPiece(int Status, HeaderBlock? Headers, ReadOnlyMemory<byte> Bytes, HeaderBlock? Trailers, CallFailure? Failure)
{
    /// <summary>Nothing new: the reader is only kept from waiting too long.</summary>
    public static StreamPiece Nothing { get; } = new(0, null, default, null, null);

    /// <summary>True when nothing more will come.</summary>
    public bool IsLast => Trailers is not null || Failure is not null;

    internal static StreamPiece Failed(CallFailure failure) => new(0, null, default, null, failure);
}
