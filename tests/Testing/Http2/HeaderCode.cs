using System.Text;

namespace OrleansPool.Testing.Http2;

/// <summary>
/// As much of HPACK (RFC 7541) as an upstream needs that talks to a client without Huffman codes and without a dynamic table: literals both ways, and the
/// static table's names.
/// </summary>
internal static class HeaderCode
{
    // RFC 7541, appendix A: the entries with values that a request can use, and all names.
    private static readonly string[] _staticNames =
    [
        "", ":authority", ":method", ":method", ":path", ":path", ":scheme", ":scheme", ":status", ":status", ":status", ":status", ":status", ":status", ":status",
        "accept-charset", "accept-encoding", "accept-language", "accept-ranges", "accept", "access-control-allow-origin", "age", "allow", "authorization",
        "cache-control", "content-disposition", "content-encoding", "content-language", "content-length", "content-location", "content-range", "content-type",
        "cookie", "date", "etag", "expect", "expires", "from", "host", "if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since",
        "last-modified", "link", "location", "max-forwards", "proxy-authenticate", "proxy-authorization", "range", "referer", "refresh", "retry-after", "server",
        "set-cookie", "strict-transport-security", "transfer-encoding", "user-agent", "vary", "via", "www-authenticate",
    ];

    private static readonly Dictionary<int, string> _staticValues = new() { [2] = "GET", [3] = "POST", [4] = "/", [5] = "/index.html", [6] = "http", [7] = "https" };

    public static byte[] Encode(IEnumerable<(string Name, string Value)> headers)
    {
        var block = new MemoryStream();
        foreach (var (name, value) in headers)
        {
            block.WriteByte(0x00);
            WriteText(block, name);
            WriteText(block, value);
        }

        return block.ToArray();
    }

    public static List<(string Name, string Value)> Decode(ReadOnlySpan<byte> block)
    {
        var headers = new List<(string, string)>();
        while (!block.IsEmpty)
        {
            var first = block[0];
            if ((first & 0x80) != 0)
            {
                var index = ReadNumber(ref block, 7);
                headers.Add((_staticNames[index], _staticValues.GetValueOrDefault(index, "")));
                continue;
            }

            var nameIndex = ReadNumber(ref block, (first & 0x40) != 0 ? 6 : 4);
            var name = nameIndex == 0 ? ReadText(ref block) : _staticNames[nameIndex];
            headers.Add((name, ReadText(ref block)));
        }

        return headers;
    }

    private static void WriteText(MemoryStream block, string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        WriteNumber(block, bytes.Length, 7);
        block.Write(bytes);
    }

    private static string ReadText(ref ReadOnlySpan<byte> block)
    {
        if ((block[0] & 0x80) != 0) throw new NotSupportedException("The client uses Huffman codes; this upstream does not read them.");
        var length = ReadNumber(ref block, 7);
        var text = Encoding.Latin1.GetString(block[..length]);
        block = block[length..];
        return text;
    }

    private static void WriteNumber(MemoryStream block, int number, int prefixBits)
    {
        var most = (1 << prefixBits) - 1;
        if (number < most)
        {
            block.WriteByte((byte)number);
            return;
        }

        block.WriteByte((byte)most);
        for (number -= most; number >= 128; number /= 128) block.WriteByte((byte)((number % 128) + 128));
        block.WriteByte((byte)number);
    }

    private static int ReadNumber(ref ReadOnlySpan<byte> block, int prefixBits)
    {
        var most = (1 << prefixBits) - 1;
        var number = block[0] & most;
        block = block[1..];
        if (number < most) return number;
        for (var shift = 0; ; shift += 7)
        {
            var octet = block[0];
            block = block[1..];
            number += (octet & 127) << shift;
            if ((octet & 128) == 0) return number;
        }
    }
}
