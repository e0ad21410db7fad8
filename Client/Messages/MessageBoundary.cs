using System.Runtime.InteropServices;

namespace OrleansPool.Client.Messages;

/// <summary>Follows the length prefixes of gRPC messages through a body, to know where one ends.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct MessageBoundary
{
    // A flag, and the length in four bytes, the highest first.
    private const int PrefixLength = 5;

    private int _prefix;
    private uint _length;
    private long _left;

    /// <summary>True when no message has begun that is not here whole.</summary>
    public readonly bool IsHere => _prefix == 0 && _left == 0;

    /// <summary>The bytes up to the end of the last whole message.</summary>
    public static int LastIn(ReadOnlySpan<byte> body)
    {
        var (boundary, last) = (default(MessageBoundary), 0);
        for (var at = 0; at < body.Length; at++)
        {
            boundary.Pass(body.Slice(at, 1));
            if (boundary.IsHere) last = at + 1;
        }

        return last;
    }

    /// <summary>Goes on by so many bytes.</summary>
    public void Pass(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = _left > 0 ? (int)Math.Min(_left, bytes.Length) : 1;
            if (_left > 0) _left -= count;
            else PassPrefix(bytes[0]);
            bytes = bytes[count..];
        }
    }

    private void PassPrefix(byte next)
    {
        if (_prefix > 0) _length = (_length << 8) | next;
        if (++_prefix < PrefixLength) return;
        (_left, _length, _prefix) = (_length, 0, 0);
    }
}
