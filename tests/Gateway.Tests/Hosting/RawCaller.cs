using System.Net.Sockets;
using System.Text;

namespace OrleansPool.Gateway.Tests.Hosting;

/// <summary>A caller that sends and sees bytes as they are, one a character.</summary>
internal sealed class RawCaller : IDisposable
{
    /// <summary>What an HTTP/2 client says first: the preface, and settings that change nothing.</summary>
    public const string Http2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0";

    private readonly NetworkStream _stream;

    private RawCaller(Socket socket) => _stream = new NetworkStream(socket, ownsSocket: true);

    public static async Task<RawCaller> ConnectAsync(Uri address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        return new RawCaller(socket);
    }

    public async Task SendAsync(string text) => await _stream.WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>What comes, up to and with <paramref name="end"/>.</summary>
    public async Task<string> ReadToAsync(string end)
    {
        var seen = new StringBuilder();
        while (!seen.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            if (await NextAsync($"\"{end}\" after \"{seen}\"") is not { } octet) throw new EndOfStreamException($"Closed after \"{seen}\", before \"{end}\".");
            seen.Append(octet);
        }

        return seen.ToString();
    }

    /// <summary>Status line and headers of an answer, with the empty line.</summary>
    public Task<string> ReadHeadAsync() => ReadToAsync("\r\n\r\n");

    /// <summary>Everything up to the end of the connection.</summary>
    public async Task<string> ReadToCloseAsync()
    {
        var seen = new StringBuilder();
        while (await NextAsync($"the connection's end after \"{seen}\"") is { } octet) seen.Append(octet);
        return seen.ToString();
    }

    /// <summary>The next <paramref name="count"/> bytes.</summary>
    public async Task<string> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes).AsTask().InTime($"{count} bytes");
        return Encoding.Latin1.GetString(bytes);
    }

    /// <summary>The next HTTP/2 frame.</summary>
    public async Task<(int Type, int Flags, string Payload)> ReadFrameAsync()
    {
        var header = await ReadAsync(9);
        return (header[3], header[4], await ReadAsync((header[0] << 16) | (header[1] << 8) | header[2]));
    }

    public void Dispose() => _stream.Dispose();

    private async Task<char?> NextAsync(string expected)
    {
        var octet = new byte[1];
        return await _stream.ReadAsync(octet).InTime(expected) == 0 ? null : (char)octet[0];
    }
}
