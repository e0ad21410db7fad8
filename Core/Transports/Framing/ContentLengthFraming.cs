using System.Globalization;
using System.Text;

namespace OrleansPool.Core.Transports.Framing;

/// <summary>
/// Header lines, one of them <c>Content-Length: n</c>, an empty line, then n bytes: the base protocol that language servers speak JSON-RPC over
/// (Language Server Protocol 3.17, "Base Protocol"). Lines end with CR LF; other headers pass unread.
/// </summary>
public sealed class ContentLengthFraming : IFraming
{
    /// <summary>Headers longer than this, in bytes, break the framing.</summary>
    public const int MaxHeaderBytes = 4096;

    private static readonly DelimiterFraming _emptyLine = new("\r\n\r\n"u8);

    /// <inheritdoc />
    public FrameScanner Requests() => new Scanner();

    /// <inheritdoc />
    public FrameScanner Replies() => new Scanner();

    private sealed class Scanner : FrameScanner
    {
        private readonly StringBuilder _header = new();
        private readonly FrameScanner _headerEnd = _emptyLine.Requests();

        protected override FrameScan Find(ReadOnlySpan<byte> bytes)
        {
            if (Announced > 0) return UpTo(Announced, bytes.Length);
            var header = _headerEnd.Scan(bytes);
            _header.Append(Encoding.Latin1.GetString(bytes[..header.Count]));
            if (_header.Length > MaxHeaderBytes) return FrameScan.Broken($"A frame's headers have more than {MaxHeaderBytes} bytes");
            if (!header.IsEnd) return header;
            return Announce() is { } error ? FrameScan.Broken(error) : UpTo(Announced, bytes.Length);
        }

        private string? Announce()
        {
            var lines = _header.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            HeaderLength = _header.Length;
            _header.Clear();
            long? length = null;
            foreach (var line in lines)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon <= 0) return "A frame's header line has no name and colon";
                if (!line.AsSpan(0, colon).Equals("Content-Length", StringComparison.OrdinalIgnoreCase)) continue;
                if (length is not null || !long.TryParse(line.AsSpan(colon + 1).Trim(' '), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                    return "A frame's Content-Length is no number, or stands there twice";
                length = value;
            }

            if (length is not <= long.MaxValue - MaxHeaderBytes) return length is null ? "A frame has no Content-Length" : $"A frame announces {length} bytes";
            Announced = HeaderLength + length.Value;
            return null;
        }
    }
}
