namespace OrleansPool.Core.Transports.Framing;

/// <summary>Every frame tells its length in a header of fixed size.</summary>
public sealed class LengthPrefixFraming(LengthPrefix prefix) : IFraming
{
    /// <inheritdoc />
    public FrameScanner Requests() => new Scanner(prefix);

    /// <inheritdoc />
    public FrameScanner Replies() => new Scanner(prefix);

    private sealed class Scanner : FrameScanner
    {
        private readonly LengthPrefix _prefix;
        private ulong _number;

        public Scanner(LengthPrefix prefix) => (_prefix, HeaderLength) = (prefix, prefix.HeaderLength);

        protected override FrameScan Find(ReadOnlySpan<byte> bytes)
        {
            if (Length == 0) _number = 0;
            var headerLeft = (int)Math.Max(0, _prefix.HeaderLength - Length);
            for (var at = 0; at < Math.Min(headerLeft, bytes.Length); at++) TakeHeaderByte(Length + at, bytes[at]);
            if (bytes.Length < headerLeft) return FrameScan.More(bytes.Length);
            return headerLeft > 0 && Announce() is { } error ? FrameScan.Broken(error) : UpTo(Announced, bytes.Length);
        }

        private void TakeHeaderByte(long position, byte value)
        {
            if (position < _prefix.Offset) return;
            if (_prefix.IsLittleEndian) _number |= (ulong)value << (int)(8 * (position - _prefix.Offset));
            else _number = (_number << 8) | value;
        }

        private string? Announce()
        {
            var header = _prefix.HeaderLength;
            if (_prefix.IncludesHeader && _number < (ulong)header) return $"A frame announces {_number} bytes, fewer than its header of {header} has";
            if (_number > (ulong)(long.MaxValue - header)) return $"A frame announces {_number} bytes";
            Announced = (long)_number + (_prefix.IncludesHeader ? 0 : header);
            return null;
        }
    }
}
