namespace OrleansPool.Core.Transports.Framing;

/// <summary>
/// Finds the ends of the frames in one direction of a connection, whatever the pieces in which the bytes come. It keeps nothing of a frame but where it is
/// in it. Not thread-safe; one per direction.
/// </summary>
public abstract class FrameScanner
{
    /// <summary>Largest frame that is let pass, in bytes, header included. 1 or more; default: no limit.</summary>
    public long MaxBytes { get; set; } = long.MaxValue;

    /// <summary>Bytes of the present frame that were seen; 0 between frames.</summary>
    public long Length { get; private set; }

    /// <summary>True when no frame has begun that has not ended.</summary>
    public bool IsBetweenFrames => Length == 0;

    /// <summary>
    /// Bytes at the beginning of a frame that are not its payload: of the present frame once they are all seen, before that of the last one. 0 where the
    /// framing has no header.
    /// </summary>
    public int HeaderLength { get; protected set; }

    /// <summary>For the framing: length of the whole present frame, once its header tells it; 0 before.</summary>
    protected long Announced { get; set; }

    /// <summary>Goes on by the next bytes of the stream, at most to the end of the present frame: what is left of the piece begins the next one.</summary>
    /// <param name="bytes">At least one byte.</param>
    public FrameScan Scan(ReadOnlySpan<byte> bytes)
    {
        var scan = Find(bytes);
        if (scan.Error is not null) return scan;
        Length += scan.Count;
        if (Math.Max(Length, Announced) > MaxBytes) return FrameScan.Broken($"A frame has {Math.Max(Length, Announced)} bytes or more; at most {MaxBytes} are allowed");
        if (scan.IsEnd) (Length, Announced) = (0, 0);
        return scan;
    }

    /// <summary>For the framing: what <see cref="Scan"/> answers, <see cref="Length"/> being what was seen before this piece.</summary>
    protected abstract FrameScan Find(ReadOnlySpan<byte> bytes);

    /// <summary>For a framing that knows the length of the frame: its end, if it lies in this piece.</summary>
    protected FrameScan UpTo(long frameLength, int available) =>
        frameLength - Length <= available ? FrameScan.End((int)(frameLength - Length)) : FrameScan.More(available);
}
