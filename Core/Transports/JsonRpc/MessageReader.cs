using System.Buffers;
using System.IO.Pipelines;
using OrleansPool.Core.Transports.Framing;

namespace OrleansPool.Core.Transports.JsonRpc;

/// <summary>
/// Reads one message after the other. A message that lies in one piece, as most do, is not copied. Lines without a message are passed over. Not thread-safe.
/// </summary>
internal sealed class MessageReader
{
    private readonly PipeReader _input;
    private readonly FrameScanner _scanner;
    private readonly FrameCutter _frames;
    private readonly int _maxBytes;
    private SequencePosition? _taken;

    public MessageReader(PipeReader input, WireFormat format)
    {
        (_input, _scanner, _maxBytes) = (input, format.NewScanner(), format.MaxBytes);
        _frames = new FrameCutter(_scanner);
    }

    /// <summary>The next message, its memory good until the next call; or the end, or why nothing more can be read.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<MessageRead> ReadAsync(CancellationToken cancellation)
    {
        if (_taken is { } taken) _input.AdvanceTo(taken);
        _taken = null;
        while (true)
        {
            var read = await _input.ReadAsync(cancellation).ConfigureAwait(false);
            var rest = read.Buffer;
            var found = Cut(ref rest);
            if (found is not null)
            {
                _taken = rest.Start;
                return found.Value;
            }

            _input.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted) return _frames.IsBetweenFrames ? default : new MessageRead(default, "It ended in the middle of a message.");
        }
    }

    private MessageRead? Cut(ref ReadOnlySequence<byte> rest)
    {
        while (_frames.TryCut(ref rest, out var frame))
        {
            var message = (frame.IsSingleSegment ? frame.First : frame.ToArray())[_scanner.HeaderLength..].Trim(" \t\r\n"u8);
            if (message.Length > _maxBytes) return new MessageRead(default, $"A message has {message.Length} bytes; at most {_maxBytes} are allowed.");
            if (!message.IsEmpty) return new MessageRead(message, null);
        }

        return _frames.Error is { } error ? new MessageRead(default, $"{error}.") : null;
    }
}

/// <summary>What one read gave: a message, or why there can be no more; neither at the end.</summary>
/// <param name="Message">The message; empty when there is none.</param>
/// <param name="Error">What is wrong with the stream, a sentence, or null.</param>
internal readonly record struct MessageRead(ReadOnlyMemory<byte> Message, string? Error)
{
    public bool IsEnd => Message.IsEmpty && Error is null;
}
