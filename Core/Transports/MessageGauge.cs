using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Transports;

/// <summary>
/// Measures messages as their bytes pass, whatever the pieces: each gRPC message by its length prefix, before the message itself is here; any other
/// body as one message. Not thread-safe; one per body.
/// </summary>
public sealed class MessageGauge(bool isGrpc, long? limit, string setting)
{
    // gRPC's length-prefixed message: one byte of flags, four of length (grpc/doc/PROTOCOL-HTTP2.md).
    private const int PrefixLength = 5;

    // Kept as numbers, not as an array: there are two gauges to every call.
    private int _prefixHeld;
    private uint _length;
    private long _messageLeft;
    private long _largest;

    /// <summary>A gauge, or null when there is nothing to watch: a body that is not gRPC and may have any size.</summary>
    public static MessageGauge? For(bool isGrpc, long? limit, string setting) => isGrpc || limit is not null ? new MessageGauge(isGrpc, limit, setting) : null;

    /// <summary>gRPC messages begun so far.</summary>
    public int Messages { get; private set; }

    /// <summary>Called when the second message begins, on the thread that brings it.</summary>
    public Action? OnSecondMessage { get; set; }

    /// <summary>The next bytes; false when a message is larger than the limit.</summary>
    public bool Fits(ReadOnlySpan<byte> bytes)
    {
        if (isGrpc) ScanPrefixes(bytes);
        else _largest += bytes.Length;
        return limit is null || _largest <= limit;
    }

    /// <summary>A body that is in memory (<see cref="WholeContent"/>); false when a message is larger than the limit.</summary>
    public bool Fits(HttpContent content)
    {
        var probe = new Probe(this);
        content.CopyTo(probe, context: null, CancellationToken.None);
        return probe.Fits;
    }

    /// <summary>What to tell when <see cref="Fits(ReadOnlySpan{byte})"/> said no.</summary>
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

            // The first byte, the flags, is shifted out by the four of the length.
            _length = (_length << 8) | bytes[0];
            bytes = bytes[1..];
            if (++_prefixHeld == PrefixLength) BeginMessage();
        }
    }

    private void BeginMessage()
    {
        _prefixHeld = 0;
        if (++Messages == 2) OnSecondMessage?.Invoke();
        _messageLeft = _length;
        _largest = Math.Max(_largest, _length);
    }

    /// <summary>Shows bytes to a gauge.</summary>
    private sealed class Probe(MessageGauge gauge) : Stream
    {
        public bool Fits { get; private set; } = true;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer) => Fits &= gauge.Fits(buffer);

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
