using System.Globalization;
using System.Text;

namespace OrleansPool.Testing.Http1;

/// <summary>As much of HTTP/1.1's message format (RFC 9112) as a server needs whose clients send it properly.</summary>
internal sealed class Http1Reader(Stream stream)
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _at;
    private int _end;

    /// <summary>The next line without its end, or null where the client has closed.</summary>
    public async Task<string?> LineAsync()
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_at == _end && !await FillAsync()) return line.Length == 0 ? null : throw new EndOfStreamException("The client closed within a line.");
            var octet = (char)_buffer[_at++];
            if (octet == '\n') return line.ToString().TrimEnd('\r');
            line.Append(octet);
        }
    }

    /// <summary>Header lines up to the empty one.</summary>
    public async Task<List<(string Name, string Value)>> HeadersAsync()
    {
        var headers = new List<(string, string)>();
        while (true)
        {
            var line = await LineAsync() ?? throw new EndOfStreamException("The client closed within the headers.");
            if (line.Length == 0) return headers;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Add((line[..colon], line[(colon + 1)..].Trim()));
        }
    }

    /// <summary>The body that the headers announce, piece by piece.</summary>
    public IAsyncEnumerable<byte[]> BodyAsync(Http1UpstreamRequest request)
    {
        if (request["transfer-encoding"] == "chunked") return ChunksAsync();
        return PlainAsync(int.Parse(request["content-length"] ?? "0", CultureInfo.InvariantCulture));
    }

    private async IAsyncEnumerable<byte[]> PlainAsync(int length)
    {
        while (length > 0)
        {
            var piece = await UpToAsync(length);
            length -= piece.Length;
            yield return piece;
        }
    }

    private async IAsyncEnumerable<byte[]> ChunksAsync()
    {
        while (true)
        {
            var size = int.Parse(await LineAsync() ?? "", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0) break;
            await foreach (var piece in PlainAsync(size)) yield return piece;
            await LineAsync();
        }

        await HeadersAsync();
    }

    private async Task<byte[]> UpToAsync(int length)
    {
        if (_at == _end && !await FillAsync()) throw new EndOfStreamException("The client closed within the body.");
        var taken = Math.Min(length, _end - _at);
        var piece = _buffer.AsSpan(_at, taken).ToArray();
        _at += taken;
        return piece;
    }

    private async Task<bool> FillAsync()
    {
        (_at, _end) = (0, await stream.ReadAsync(_buffer));
        return _end > 0;
    }
}
