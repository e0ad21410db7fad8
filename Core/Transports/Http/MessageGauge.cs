using System.Buffers.Binary;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Transports.Http;

/// <summary>
/// Measures messages as their bytes pass, whatever the pieces: each gRPC message by its length prefix, before the message itself is here; any other
/// body as one message. Not thread-safe; one per body.
/// </summary>
public sealed class MessageGauge(bool isGrpc, long limit, string setting)
{
    // gRPC's length-prefixed message: one byte of flags, four of length (grpc/doc/PROTOCOL-HTTP2.md).
    private const int PrefixLength = 5;

    private readonly byte[] _prefix = new byte[PrefixLength];
    private int _prefixHeld;
    private long _messageLeft;
    private long _largest;

    /// <summary>A gauge, or null when there is nothing to watch.</summary>
    public static MessageGauge? For(bool isGrpc, long? limit, string setting) => limit is { } bytes ? new MessageGauge(isGrpc, bytes, setting) : null;

    /// <summary>The next bytes; false when a message is larger than the limit.</summary>
    public bool Fits(ReadOnlySpan<byte> bytes)
    {
        if (isGrpc) ScanPrefixes(bytes);
        else _largest += bytes.Length;
        return _largest <= limit;
    }

    /// <summary>What to tell when <see cref="Fits"/> said no.</summary>
    public CallFailure TooLarge(FailureCode code) => new(code, $"A message has {_largest} bytes or more; {setting} = {limit}.");

    private void ScanPrefixes(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_messageLeft > 0)
            {
                var skipped = (int)Math.Min(_messageLeft, bytes.Length);
                _messageLeft -= skipped;
                bytes = bytes[skipped..];
                continue;
            }

            var taken = Math.Min(PrefixLength - _prefixHeld, bytes.Length);
            bytes[..taken].CopyTo(_prefix.AsSpan(_prefixHeld));
            bytes = bytes[taken..];
            _prefixHeld += taken;
            if (_prefixHeld < PrefixLength) return;
            _prefixHeld = 0;
            _messageLeft = BinaryPrimitives.ReadUInt32BigEndian(_prefix.AsSpan(1));
            _largest = Math.Max(_largest, _messageLeft);
        }
    }
}
