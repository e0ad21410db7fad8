using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace OrleansPool.Testing.Http1;

/// <summary>One connection of a client.</summary>
public sealed class Http1UpstreamConnection
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly Http1Reader _reader;
    private readonly Channel<Http1UpstreamRequest> _fresh = Channel.CreateUnbounded<Http1UpstreamRequest>();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _requests;

    internal Http1UpstreamConnection(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new Http1Reader(_stream);
    }

    /// <summary>True once either side has closed.</summary>
    public bool IsClosed => _closed.Task.IsCompleted;

    /// <summary>Requests so far.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>The next request on this connection, as soon as its head is here.</summary>
    public Task<Http1UpstreamRequest> RequestAsync() => _fresh.Reader.ReadAsync().AsTask().InTime("a request");

    /// <summary>Sends bytes, one a character.</summary>
    public async Task SendAsync(string text) => await _stream.WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Ends this side and leaves the other open, as a server does that waits for its last bytes to arrive.</summary>
    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes both sides.</summary>
    public void Close()
    {
        _socket.Dispose();
        _closed.TrySetResult();
    }

    /// <summary>Closes with a reset, as a server does that crashed.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        Close();
    }

    /// <summary>Completes when either side has closed.</summary>
    public Task ClosedAsync() => _closed.Task.InTime("the connection to be closed");

    internal void Start() => _ = RunAsync();

    private async Task RunAsync()
    {
        try
        {
            while (await ReadRequestAsync())
            {
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The connection broke, or the test closed it.
        }

        Close();
    }

    private async Task<bool> ReadRequestAsync()
    {
        if (await _reader.LineAsync() is not { } line) return false;
        var headers = await _reader.HeadersAsync();
        var request = new Http1UpstreamRequest(this, line, headers);
        Interlocked.Increment(ref _requests);
        _fresh.Writer.TryWrite(request);
        try
        {
            await foreach (var piece in _reader.BodyAsync(request)) request.OnPiece(piece);
            request.OnEnd(isWhole: true);
        }
        finally
        {
            request.OnEnd(isWhole: false);
        }

        return true;
    }
}
