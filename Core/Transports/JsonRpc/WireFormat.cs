using System.Buffers;
using System.Buffers.Text;
using OrleansPool.Core.Transports.Framing;

namespace OrleansPool.Core.Transports.JsonRpc;

/// <summary>Messages on a connection: where each ends, and how large it may be. Immutable.</summary>
/// <param name="framing">One of <see cref="JsonRpcFramings"/>.</param>
/// <param name="maxBytes">The largest message, its framing not counted.</param>
internal sealed class WireFormat(string framing, int maxBytes)
{
    private const int MaxDigits = 10;

    private readonly bool _isLines = string.Equals(framing, JsonRpcFramings.Newline, StringComparison.OrdinalIgnoreCase);

    /// <summary>The largest message, its framing not counted.</summary>
    public int MaxBytes => maxBytes;

    /// <summary>A scanner for one direction of a connection. It lets a little more pass than a message may have: what belongs to the framing.</summary>
    public FrameScanner NewScanner()
    {
        IFraming frames = _isLines ? new DelimiterFraming("\n"u8) : new ContentLengthFraming();
        var scanner = frames.Requests();
        scanner.MaxBytes = (long)maxBytes + ContentLengthFraming.MaxHeaderBytes;
        return scanner;
    }

    /// <summary>Writes one message, given in three parts.</summary>
    public void Append(IBufferWriter<byte> to, ReadOnlySpan<byte> before, ReadOnlySpan<byte> id, ReadOnlySpan<byte> after)
    {
        if (_isLines)
        {
            AppendInOneLine(to, before);
            to.Write(id);
            AppendInOneLine(to, after);
            to.Write("\n"u8);
            return;
        }

        to.Write("Content-Length: "u8);
        Utf8Formatter.TryFormat(before.Length + id.Length + after.Length, to.GetSpan(MaxDigits), out var digits);
        to.Advance(digits);
        to.Write("\r\n\r\n"u8);
        to.Write(before);
        to.Write(id);
        to.Write(after);
    }

    // In sound JSON they stand between tokens only: inside a string they are escaped.
    private static void AppendInOneLine(IBufferWriter<byte> to, ReadOnlySpan<byte> text)
    {
        var line = to.GetSpan(Math.Max(1, text.Length))[..text.Length];
        text.CopyTo(line);
        line.Replace((byte)'\n', (byte)' ');
        to.Advance(text.Length);
    }
}
