using System.Text;
using System.Threading.Channels;

namespace OrleansPool.Testing.Http1;

/// <summary>One request, as it stood on the wire, to be answered by the test.</summary>
public sealed class Http1UpstreamRequest
{
    private readonly Channel<byte[]> _body = Channel.CreateUnbounded<byte[]>();

    internal Http1UpstreamRequest(Http1UpstreamConnection connection, string line, List<(string Name, string Value)> headers) =>
        (Connection, Line, Headers) = (connection, line, headers);

    /// <summary>Where it came in.</summary>
    public Http1UpstreamConnection Connection { get; }

    /// <summary>Method, target and version.</summary>
    public string Line { get; }

    /// <summary>Headers in their order on the wire.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; }

    /// <summary>The value under <paramref name="name"/>, or null.</summary>
    public string? this[string name] => Headers.FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>The next piece of the body, a chunk where it comes in chunks; empty at its end.</summary>
    public async Task<byte[]> PieceAsync() => await _body.Reader.WaitToReadAsync().AsTask().InTime("a piece of the body") ? await _body.Reader.ReadAsync() : [];

    /// <summary>The whole body.</summary>
    public async Task<byte[]> BodyAsync()
    {
        var all = new List<byte>();
        for (var piece = await PieceAsync(); piece.Length > 0; piece = await PieceAsync()) all.AddRange(piece);
        return [.. all];
    }

    /// <summary>Answers 200 with a body of known length, and further header lines.</summary>
    public Task AnswerAsync(string body = "", params string[] headers) => AnswerAsync(200, body, headers);

    /// <summary>Answers with a body of known length, and further header lines.</summary>
    public Task AnswerAsync(int status, string body = "", params string[] headers)
    {
        var answer = new StringBuilder($"HTTP/1.1 {status} Answered\r\nContent-Length: {body.Length}\r\n");
        foreach (var header in headers) answer.Append(header).Append("\r\n");
        return Connection.SendAsync(answer.Append("\r\n").Append(body).ToString());
    }

    internal void OnPiece(byte[] piece) => _body.Writer.TryWrite(piece);

    // A body that breaks off is told from a whole one.
    internal void OnEnd(bool isWhole) => _body.Writer.TryComplete(isWhole ? null : new IOException("The client broke the request off."));
}
