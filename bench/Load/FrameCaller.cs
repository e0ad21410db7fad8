using System.Buffers.Binary;

namespace OrleansPool.Bench.Load;

/// <summary>
/// A frame of 128 bytes behind its length in four bytes (the framing <c>length-prefix</c> as it is by default), which the upstream sends back. Each caller has
/// a connection of its own. One call after the other.
/// </summary>
public sealed class FrameCaller : ICaller
{
    private const int MessageSize = UnaryCaller.MessageSize;
    private const int PrefixSize = 4;
    private const int FrameSize = PrefixSize + MessageSize;

    private readonly CallerConnection _connection;
    private readonly byte[] _frame = NewFrame();

    // Room for the answer, and for seeing that it is too long.
    private readonly byte[] _answer = new byte[2 * FrameSize];

    private FrameCaller(CallerConnection connection) => _connection = connection;

    /// <summary>Connects to a port of this machine.</summary>
    /// <exception cref="IOException">There is nobody.</exception>
    public static async Task<ICaller> ConnectAsync(int port) => new FrameCaller(await CallerConnection.OpenAsync(port));

    /// <inheritdoc />
    public async Task CallAsync()
    {
        var length = await _connection.ExchangeAsync(_frame, _answer, FrameSize);
        if (!_answer.AsSpan(0, length).SequenceEqual(_frame)) throw new CallFailedException($"an exchange: {length} bytes, not the {FrameSize} that were sent");
    }

    private static byte[] NewFrame()
    {
        var frame = new byte[FrameSize];
        BinaryPrimitives.WriteInt32BigEndian(frame, MessageSize);
        for (var at = PrefixSize; at < frame.Length; at++) frame[at] = (byte)at;
        return frame;
    }
}
