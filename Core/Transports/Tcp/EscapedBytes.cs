using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OrleansPool.Core.Transports.Tcp;

/// <summary>Bytes as an option has them: ASCII characters for themselves, and <c>\r</c> <c>\n</c> <c>\t</c> <c>\0</c> <c>\\</c> <c>\xHH</c> for the others.</summary>
public static class EscapedBytes
{
    /// <summary>Reads <paramref name="text"/>; false when a character is not ASCII or an escape is none of these.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        List<byte> read = [];
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsAscii(text[at])) return Failed(out bytes);
            if (text[at] != '\\') read.Add((byte)text[at]);
            else if (at + 1 < text.Length && Simple(text[at + 1]) is { } simple) (read, at) = ([.. read, simple], at + 1);
            else if (TryHex(text.AsSpan(at), out var value)) (read, at) = ([.. read, value], at + 3);
            else return Failed(out bytes);
        }

        bytes = [.. read];
        return true;
    }

    private static byte? Simple(char name) => name switch
    {
        'r' => (byte)'\r',
        'n' => (byte)'\n',
        't' => (byte)'\t',
        '0' => 0,
        '\\' => (byte)'\\',
        _ => null,
    };

    private static bool TryHex(ReadOnlySpan<char> escape, out byte value)
    {
        value = 0;
        return escape.Length >= 4 && escape[1] == 'x' && byte.TryParse(escape[2..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    private static bool Failed(out byte[]? bytes)
    {
        bytes = null;
        return false;
    }
}
