namespace OrleansPool.Core.Calls.Streams;

/// <summary>
/// Times and sizes of a call that is carried in pieces between a cluster client and a silo. Both sides use the same numbers, so they are constants.
/// </summary>
public static class StreamOptions
{
    /// <summary>Bytes in one piece at most, and in a request or response that is carried whole.</summary>
    public const int PieceSize = 64 * 1024;

    /// <summary>
    /// A response that pauses this long before its end is handed over as far as it got. Shorter pauses are not worth another round: head, message and
    /// trailers of a unary answer often come in separate packets, microseconds apart.
    /// </summary>
    public static readonly TimeSpan WorthwhilePause = TimeSpan.FromMilliseconds(5);

    /// <summary>A read with nothing to give comes back empty after this, so that a living reader is heard of.</summary>
    public static readonly TimeSpan ReadPatience = TimeSpan.FromSeconds(4);

    /// <summary>A stream that nobody has been reading for this long is abandoned, and its call is reset upstream.</summary>
    public static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(10);
}
