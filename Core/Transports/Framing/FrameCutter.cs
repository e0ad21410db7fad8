using System.Buffers;

namespace OrleansPool.Core.Transports.Framing;

/// <summary>Cuts frames off a buffer that grows at its end. Each byte is looked at once. Not thread-safe; one per direction.</summary>
public sealed class FrameCutter(FrameScanner scanner)
{
    /// <summary>What is wrong with the stream, one sentence, or null. No frame can be cut any more.</summary>
    public string? Error { get; private set; }

    /// <summary>True when the bytes after the last frame that was cut are not the beginning of another.</summary>
    public bool IsBetweenFrames => scanner.IsBetweenFrames;

    /// <summary>
    /// The first whole frame of <paramref name="buffer"/>, which then begins behind it; false while there is none, or with an <see cref="Error"/>. The
    /// beginning of a frame must still be there the next time, with more behind it.
    /// </summary>
    public bool TryCut(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        var length = scanner.Length;
        foreach (var piece in buffer.Slice(length))
        {
            if (piece.IsEmpty) continue;
            var scan = scanner.Scan(piece.Span);
            Error = scan.Error;
            if (Error is not null) return false;
            length += scan.Count;
            if (!scan.IsEnd) continue;
            frame = buffer.Slice(0, length);
            buffer = buffer.Slice(length);
            return true;
        }

        return false;
    }
}
