using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansPool.Testing.Tcp;

/// <summary>One side of a TCP connection, in a test's hands. Bytes are written and compared as text, one a character.</summary>
public sealed class TcpPeer(Socket socket) : IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    /// <summary>Connects to <c>ip:port</c>, from an address of one's own where that matters.</summary>
    public static async Task<TcpPeer> ConnectAsync(string address, string from = "127.0.0.1")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPEndPoint.Parse(address)).InTime("a connection");
        return new TcpPeer(socket);
    }

    public async Task SendAsync(string text) => await _stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask().InTime("room for what is sent");

    /// <summary>The next bytes, as many as <paramref name="text"/> has, which they must be.</summary>
    public async Task ExpectAsync(string text)
    {
        var bytes = new byte[text.Length];
        await _stream.ReadExactlyAsync(bytes).AsTask().InTime($"\"{text}\"");
        Assert.Equal(text, Encoding.Latin1.GetString(bytes));
    }

    /// <summary>The next bytes up to a line's end, as UTF-8; null when the end comes first.</summary>
    public async Task<string?> ReadLineAsync()
    {
        var (line, next) = (new List<byte>(), new byte[1]);
        while (await _stream.ReadAsync(next).InTime("a line") == 1)
        {
            if (next[0] == '\n') return Encoding.UTF8.GetString([.. line]);
            line.Add(next[0]);
        }

        return null;
    }

    /// <summary>The other side's end comes next, and nothing before it.</summary>
    public async Task ExpectEndAsync() => Assert.Equal(0, await _stream.ReadAsync(new byte[1]).InTime("the end"));

    /// <summary>The connection was reset by the other side.</summary>
    public async Task ExpectResetAsync()
    {
        var broken = await Assert.ThrowsAnyAsync<IOException>(() => _stream.ReadAsync(new byte[1]).InTime("a reset"));
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(broken.InnerException).SocketErrorCode);
    }

    /// <summary>The other side closed the connection, one way or the other; what it sent before is passed over.</summary>
    public async Task ExpectClosedAsync()
    {
        try
        {
            while (await _stream.ReadAsync(new byte[4096]).InTime("the connection to be closed") > 0)
            {
            }
        }
        catch (IOException)
        {
            // By a reset.
        }
    }

    /// <summary>All that comes up to the other side's end.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var all = new MemoryStream();
        await _stream.CopyToAsync(all).InTime("the end");
        return Encoding.Latin1.GetString(all.ToArray());
    }

    /// <summary>Sends until nothing more is taken, and says how many bytes were.</summary>
    public async Task<long> FillAsync()
    {
        var sent = 0L;
        var piece = new byte[64 * 1024];
        while (true)
        {
            // Nobody can tell "not yet" from "never"; a quarter of a second without room for a byte is taken for the latter.
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(250), TimeProvider.System);
            try
            {
                sent += await socket.SendAsync(piece, SocketFlags.None, patience.Token);
            }
            catch (OperationCanceledException)
            {
                return sent;
            }
        }
    }

    /// <summary>Ends this side, and leaves the other open.</summary>
    public void HalfClose() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes with a reset, as one does that crashed.</summary>
    public void Reset()
    {
        // The socket itself: the stream would send a proper end first.
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void Dispose() => _stream.Dispose();
}
