using System.Buffers.Text;
using System.Text;

namespace OrleansPool.Bench.Load;

/// <summary>
/// A JSON-RPC request on a line, with a text of 128 bytes that the upstream sends back. Each caller has a connection of its own, and numbers its requests so
/// that no two callers have an id in common: an answer to somebody else is seen. One call after the other.
/// </summary>
public sealed class JsonRpcCaller : ICaller
{
    private const long IdsOfACaller = 1_000_000_000_000;
    private const int MostIdDigits = 20;

    private static readonly byte[] _begin = "{\"jsonrpc\":\"2.0\",\"id\":"u8.ToArray();
    private static readonly byte[] _ask = Encoding.ASCII.GetBytes($",\"method\":\"echo\",\"params\":{Text}}}\n");
    private static readonly byte[] _answer = Encoding.ASCII.GetBytes($",\"result\":{Text}}}\n");

    private static int _callers;

    private readonly CallerConnection _connection;
    private readonly byte[] _sent = new byte[_begin.Length + MostIdDigits + _ask.Length];
    private readonly byte[] _expected = new byte[_begin.Length + MostIdDigits + _answer.Length];

    // Room for seeing that an answer is too long.
    private readonly byte[] _received = new byte[1024];
    private long _id;

    private JsonRpcCaller(CallerConnection connection) => (_connection, _id) = (connection, Interlocked.Increment(ref _callers) * IdsOfACaller);

    private static string Text => $"{{\"text\":\"{new string('x', UnaryCaller.MessageSize)}\"}}";

    /// <summary>Connects to a port of this machine.</summary>
    /// <exception cref="IOException">There is nobody.</exception>
    public static async Task<ICaller> ConnectAsync(int port) => new JsonRpcCaller(await CallerConnection.OpenAsync(port));

    /// <inheritdoc />
    public async Task CallAsync()
    {
        _id++;
        var (sent, expected) = (Write(_sent, _ask), Write(_expected, _answer));
        var length = await _connection.ExchangeAsync(_sent.AsMemory(0, sent), _received, expected);
        if (!_received.AsSpan(0, length).SequenceEqual(_expected.AsSpan(0, expected))) throw new CallFailedException(Describe(length));
    }

    private int Write(byte[] buffer, byte[] end)
    {
        _begin.CopyTo(buffer, 0);
        Utf8Formatter.TryFormat(_id, buffer.AsSpan(_begin.Length), out var digits);
        end.CopyTo(buffer, _begin.Length + digits);
        return _begin.Length + digits + end.Length;
    }

    private string Describe(int length) => $"call {_id}: '{Encoding.UTF8.GetString(_received, 0, length).TrimEnd()}' is not the echo";
}
