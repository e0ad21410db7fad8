using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.Channels;

namespace OrleansPool.Testing.Http2;

/// <summary>One connection of a client, frame by frame.</summary>
public sealed class Http2UpstreamConnection
{
    private const int PrefaceLength = 24;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly Http2Upstream _upstream;
    private readonly Channel<Http2UpstreamCall> _fresh = Channel.CreateUnbounded<Http2UpstreamCall>();
    private readonly ConcurrentDictionary<int, Http2UpstreamCall> _calls = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly SemaphoreSlim _acknowledged = new(0);
    private bool _firstSettingsAcknowledged;

    internal Http2UpstreamConnection(Socket socket, Http2Upstream upstream)
    {
        (_socket, _upstream) = (socket, upstream);
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>True once either side has closed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Requests so far.</summary>
    public int Requests => _calls.Count;

    /// <summary>The next request on this connection.</summary>
    public Task<Http2UpstreamCall> CallAsync() => _fresh.Reader.ReadAsync().AsTask().InTime("a request");

    /// <summary>Tells the client a new limit of concurrent streams; completes when the client has acknowledged it.</summary>
    public async Task SettingsAsync(int maxConcurrentStreams)
    {
        await WriteAsync(4, 0, 0, Setting(3, maxConcurrentStreams));
        await _acknowledged.WaitAsync().InTime("the new settings to be acknowledged");
    }

    /// <summary>Tells the client to go elsewhere; streams above <paramref name="lastStream"/> were not processed.</summary>
    public Task GoAwayAsync(int lastStream, int errorCode = 0)
    {
        var payload = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(payload, lastStream);
        BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan(4), errorCode);
        return WriteAsync(7, 0, 0, payload);
    }

    /// <summary>Ends this side and leaves the other open.</summary>
    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes the connection without a word.</summary>
    public void Close()
    {
        IsClosed = true;
        _socket.Dispose();
    }

    internal void Start() => _ = RunAsync();

    internal Task HeadersAsync(int stream, bool isLast, (string, string)[] headers) =>
        WriteAsync(1, (byte)(EndHeaders | (isLast ? EndStream : 0)), stream, HeaderCode.Encode(headers));

    internal Task DataAsync(int stream, bool isLast, ReadOnlyMemory<byte> bytes) => WriteAsync(0, isLast ? EndStream : (byte)0, stream, bytes);

    internal Task ResetAsync(int stream, int errorCode) => WriteAsync(3, 0, stream, Number(errorCode));

    private async Task RunAsync()
    {
        try
        {
            await _stream.ReadExactlyAsync(new byte[PrefaceLength]);
            await WriteAsync(4, 0, 0, FirstSettings());
            await WriteAsync(8, 0, 0, Number(int.MaxValue - 65535));
            while (true) await ReadFrameAsync();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or EndOfStreamException)
        {
            IsClosed = true;
            foreach (var call in _calls.Values) call.OnClosed();
        }
    }

    private async Task ReadFrameAsync()
    {
        var header = new byte[9];
        await _stream.ReadExactlyAsync(header);
        var payload = new byte[(header[0] << 16) | (header[1] << 8) | header[2]];
        await _stream.ReadExactlyAsync(payload);
        var (type, flags, stream) = (header[3], header[4], BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)));
        switch (type)
        {
            case 0: await OnDataAsync(stream, flags, payload); break;
            case 1: OnHeaders(stream, flags, payload); break;
            case 3: _calls[stream].OnReset(BinaryPrimitives.ReadInt32BigEndian(payload)); break;
            case 4 when (flags & 1) == 0: await WriteAsync(4, 1, 0, default); break;
            case 4: OnAcknowledged(); break;
            case 6 when (flags & 1) == 0 && !_upstream.IgnoresPings: await WriteAsync(6, 1, 0, payload); break;
            case 8 when stream > 0: _calls[stream].OnWindow(BinaryPrimitives.ReadInt32BigEndian(payload)); break;
        }
    }

    private void OnAcknowledged()
    {
        if (_upstream.ClosesWhenGreeted) Close();
        if (_firstSettingsAcknowledged) _acknowledged.Release();
        _firstSettingsAcknowledged = true;
    }

    private void OnHeaders(int stream, byte flags, byte[] payload)
    {
        var call = new Http2UpstreamCall(this, stream, HeaderCode.Decode(payload));
        _calls[stream] = call;
        if ((flags & EndStream) != 0) call.OnData(default, isLast: true);
        _fresh.Writer.TryWrite(call);
    }

    private async Task OnDataAsync(int stream, byte flags, byte[] payload)
    {
        _calls[stream].OnData(payload, (flags & EndStream) != 0);
        if (payload.Length == 0 || _upstream.WithholdsWindow) return;
        await WriteAsync(8, 0, stream, Number(payload.Length));
        await WriteAsync(8, 0, 0, Number(payload.Length));
    }

    private async Task WriteAsync(byte type, byte flags, int stream, ReadOnlyMemory<byte> payload)
    {
        var frame = new byte[9 + payload.Length];
        (frame[0], frame[1], frame[2]) = ((byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsMemory(9));
        await _writing.WaitAsync();
        try
        {
            await _stream.WriteAsync(frame);
        }
        finally
        {
            _writing.Release();
        }
    }

    private byte[] FirstSettings() =>
    [
        .. _upstream.MaxConcurrentStreams is { } streams ? Setting(3, streams) : [],
        .. _upstream.MaxHeaderListSize is { } size ? Setting(6, size) : [],
    ];

    private static byte[] Setting(short id, int value)
    {
        var setting = new byte[6];
        BinaryPrimitives.WriteInt16BigEndian(setting, id);
        BinaryPrimitives.WriteInt32BigEndian(setting.AsSpan(2), value);
        return setting;
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
