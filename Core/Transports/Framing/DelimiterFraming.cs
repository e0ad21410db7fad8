namespace OrleansPool.Core.Transports.Framing;

/// <summary>Every frame ends with the same bytes, which nothing else in it may contain.</summary>
public sealed class DelimiterFraming : IFraming
{
    private readonly byte[] _delimiter;
    private readonly int[] _fallback;

    /// <summary>Frames that end with <paramref name="delimiter"/>, 1 byte or more.</summary>
    public DelimiterFraming(ReadOnlySpan<byte> delimiter) => (_delimiter, _fallback) = (delimiter.ToArray(), Fallback(delimiter));

    /// <inheritdoc />
    public FrameScanner Requests() => new Scanner(_delimiter, _fallback);

    /// <inheritdoc />
    public FrameScanner Replies() => new Scanner(_delimiter, _fallback);

    // Knuth, Morris and Pratt: how much of the delimiter is still matched when the byte after its first n does not fit.
    private static int[] Fallback(ReadOnlySpan<byte> delimiter)
    {
        var fallback = new int[delimiter.Length];
        for (int at = 1, matched = 0; at < delimiter.Length; at++)
        {
            while (matched > 0 && delimiter[at] != delimiter[matched]) matched = fallback[matched - 1];
            if (delimiter[at] == delimiter[matched]) matched++;
            fallback[at] = matched;
        }

        return fallback;
    }

    private sealed class Scanner(byte[] delimiter, int[] fallback) : FrameScanner
    {
        private int _matched;

        protected override FrameScan Find(ReadOnlySpan<byte> bytes)
        {
            for (var at = 0; at < bytes.Length; at++)
            {
                if (_matched == 0)
                {
                    var start = bytes[at..].IndexOf(delimiter[0]);
                    if (start < 0) return FrameScan.More(bytes.Length);
                    at += start;
                }

                if (!Matches(bytes[at])) continue;
                _matched = 0;
                return FrameScan.End(at + 1);
            }

            return FrameScan.More(bytes.Length);
        }

        private bool Matches(byte next)
        {
            while (_matched > 0 && next != delimiter[_matched]) _matched = fallback[_matched - 1];
            if (next == delimiter[_matched]) _matched++;
            return _matched == delimiter.Length;
        }
    }
}
