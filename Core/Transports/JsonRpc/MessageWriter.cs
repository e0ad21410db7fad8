using System.Buffers;

namespace OrleansPool.Core.Transports.JsonRpc;

/// <summary>Writes messages to a connection, in the order in which they were added. Thread-safe.</summary>
/// <param name="output">Where they go.</param>
/// <param name="format">How they are told apart there.</param>
/// <param name="onBroken">Called once when writing failed, on the thread that wrote.</param>
internal sealed class MessageWriter(Stream output, WireFormat format, Action<Exception> onBroken)
{
    private readonly BurstWriter _writer = new(output, onBroken);

    /// <summary>Bytes that wait for those before them to be written.</summary>
    public int Backlog => _writer.Backlog;

    /// <summary>Adds one message, given in three parts, which are copied. Does not wait.</summary>
    /// <returns>That with which it goes out.</returns>
    public Burst Add(ReadOnlySpan<byte> before, ReadOnlySpan<byte> id = default, ReadOnlySpan<byte> after = default)
    {
        var burst = _writer.Append(new Parts(format, before, id, after));
        _writer.Start();
        return burst;
    }

    /// <summary>Nothing leaves after this that has not begun to. Safe to repeat.</summary>
    public void Stop() => _writer.Stop();

    private readonly ref struct Parts(WireFormat format, ReadOnlySpan<byte> before, ReadOnlySpan<byte> id, ReadOnlySpan<byte> after) : IOutgoing
    {
        private readonly WireFormat _format = format;
        private readonly ReadOnlySpan<byte> _before = before;
        private readonly ReadOnlySpan<byte> _id = id;
        private readonly ReadOnlySpan<byte> _after = after;

        public void AppendTo(ArrayBufferWriter<byte> bytes) => _format.Append(bytes, _before, _id, _after);
    }
}
