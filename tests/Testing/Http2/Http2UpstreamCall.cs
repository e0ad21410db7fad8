using System.Threading.Channels;

namespace OrleansPool.Testing.Http2;

/// <summary>One request, to be answered by the test.</summary>
public sealed class Http2UpstreamCall
{
    private readonly Http2UpstreamConnection _connection;
    private readonly Channel<byte[]> _body = Channel.CreateUnbounded<byte[]>();
    private readonly TaskCompletionSource<int> _reset = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _received;
    private long _granted;

    internal Http2UpstreamCall(Http2UpstreamConnection connection, int stream, List<(string Name, string Value)> headers) =>
        (_connection, Stream, Headers) = (connection, stream, headers);

    /// <summary>Stream number.</summary>
    public int Stream { get; }

    /// <summary>Headers with pseudo-headers, in their order on the wire.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; }

    /// <summary>The value under <paramref name="name"/>, or null.</summary>
    public string? this[string name] => Headers.FirstOrDefault(h => h.Name == name).Value;

    /// <summary>Bytes of the body that came so far.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Bytes of the answer that the client allowed on top of what it began with: it does as its reader reads.</summary>
    public long Granted => Interlocked.Read(ref _granted);

    /// <summary>The HTTP/2 error code with which the client reset the call.</summary>
    public Task<int> ResetByClientAsync() => _reset.Task.InTime("the client to reset the call");

    /// <summary>The next piece of the body; empty at its end.</summary>
    public async Task<byte[]> PieceAsync() => await _body.Reader.WaitToReadAsync().AsTask().InTime("a piece of the body") ? await _body.Reader.ReadAsync() : [];

    /// <summary>The whole body.</summary>
    public async Task<byte[]> BodyAsync()
    {
        var all = new List<byte>();
        for (var piece = await PieceAsync(); piece.Length > 0; piece = await PieceAsync()) all.AddRange(piece);
        return [.. all];
    }

    /// <summary>Sends the head of an answer.</summary>
    public Task HeadAsync(params (string Name, string Value)[] headers) => _connection.HeadersAsync(Stream, isLast: false, [(":status", "200"), .. headers]);

    /// <summary>Sends an answer that is a head and nothing else.</summary>
    public Task HeadOnlyAsync(params (string Name, string Value)[] headers) => HeadOnlyAsync(200, headers);

    /// <summary>The same with another status.</summary>
    public Task HeadOnlyAsync(int status, params (string Name, string Value)[] headers) => _connection.HeadersAsync(Stream, isLast: true, [(":status", $"{status}"), .. headers]);

    /// <summary>Sends bytes of an answer.</summary>
    public Task DataAsync(ReadOnlyMemory<byte> bytes, bool isLast = false) => _connection.DataAsync(Stream, isLast, bytes);

    /// <summary>Sends trailers, which end the answer.</summary>
    public Task TrailersAsync(params (string Name, string Value)[] trailers) => _connection.HeadersAsync(Stream, isLast: true, trailers);

    /// <summary>A gRPC answer with one message and status OK.</summary>
    public async Task AnswerGrpcAsync(byte[] message)
    {
        await HeadAsync(("content-type", "application/grpc"));
        await DataAsync((byte[])[0, 0, 0, 0, (byte)message.Length, .. message]);
        await TrailersAsync(("grpc-status", "0"));
    }

    /// <summary>Resets the call.</summary>
    public Task ResetAsync(int errorCode) => _connection.ResetAsync(Stream, errorCode);

    internal void OnData(ReadOnlyMemory<byte> bytes, bool isLast)
    {
        Interlocked.Add(ref _received, bytes.Length);
        if (!bytes.IsEmpty) _body.Writer.TryWrite(bytes.ToArray());
        if (isLast) _body.Writer.TryComplete();
    }

    internal void OnWindow(int more) => Interlocked.Add(ref _granted, more);

    internal void OnReset(int errorCode)
    {
        _reset.TrySetResult(errorCode);
        _body.Writer.TryComplete();
    }

    internal void OnClosed() => _body.Writer.TryComplete();
}
