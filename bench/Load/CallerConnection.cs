using System.Net;
using System.Net.Sockets;

namespace OrleansPool.Bench.Load;

/// <summary>A caller's own connection over plain TCP, on which it awaits each answer before it asks again.</summary>
internal sealed class CallerConnection
{
    private readonly NetworkStream _stream;

    private CallerConnection(Socket socket) => _stream = new NetworkStream(socket, ownsSocket: true);

    /// <summary>Connects to a port of this machine. The connection lasts as long as the process.</summary>
    /// <exception cref="IOException">There is nobody.</exception>
    public static async Task<CallerConnection> OpenAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return new CallerConnection(socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"port {port}: {e.Message}", e);
        }
    }

    /// <summary>Sends the request, and reads as many bytes as the answer is to have.</summary>
    /// <returns>Bytes in <paramref name="answer"/>: as many as expected, more where more came with them, fewer where the connection ended.</returns>
    public async ValueTask<int> ExchangeAsync(ReadOnlyMemory<byte> request, Memory<byte> answer, int expected)
    {
        await _stream.WriteAsync(request);
        return await _stream.ReadAtLeastAsync(answer, expected, throwOnEndOfStream: false);
    }
}
