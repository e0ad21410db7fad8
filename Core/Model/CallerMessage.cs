using System.Net.Http.Headers;
using System.Runtime.InteropServices;

namespace OrleansPool.Core.Model;

/// <summary>
/// The message of a caller in this process that can go to an upstream as it is: its body is in memory, none of its headers ends at each connection, none has
/// several lines. What the pool has to know of it is read here, once.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct CallerMessage
{
    // HTTP/2's measure of a header (RFC 9113, section 6.5.2).
    private const int SizePerHeader = 32;

    private CallerMessage(HttpRequestMessage message, ReadOnlyMemory<byte>? written, string? host, string? contentType, string? grpcTimeout, int headerSize) =>
        (Message, Written, Host, ContentType, GrpcTimeout, HeaderSize) = (message, written, host, contentType, grpcTimeout, headerSize);

    /// <summary>The message; null for none.</summary>
    public HttpRequestMessage? Message { get; }

    /// <summary>What its content wrote, of one that is not to be asked again (a gRPC client's serializes the message); null of one that is in memory itself.</summary>
    public ReadOnlyMemory<byte>? Written { get; }

    /// <summary>Its header <c>Host</c>, or null.</summary>
    public string? Host { get; }

    /// <summary>Its body's header <c>Content-Type</c>, or null.</summary>
    public string? ContentType { get; }

    /// <summary>Its header <c>grpc-timeout</c>, or null.</summary>
    public string? GrpcTimeout { get; }

    /// <summary>The size of its header list, as HTTP/2 measures it.</summary>
    public int HeaderSize { get; }

    /// <summary>Reads a message; false for one that must be taken apart.</summary>
    public static bool TryRead(HttpRequestMessage message, out CallerMessage read)
    {
        read = default;
        return WholeContent.Is(message.Content) && TryReadHead(message, written: null, out read);
    }

    /// <summary>Reads a message whose content wrote all of <paramref name="written"/>, which must stay unchanged until the call has been answered.</summary>
    public static bool TryRead(HttpRequestMessage message, ReadOnlyMemory<byte> written, out CallerMessage read) => TryReadHead(message, written, out read);

    private static bool TryReadHead(HttpRequestMessage message, ReadOnlyMemory<byte>? written, out CallerMessage read)
    {
        read = default;
        string? host = null, contentType = null, timeout = null;
        var size = 0;
        foreach (var (name, values) in message.Headers.NonValidated)
        {
            if (!TryCount(name, values, out var value, ref size)) return false;
            if (MessageHeaders.IsHost(name)) host = value;
            else if (MessageHeaders.IsGrpcTimeout(name)) timeout = value;
            else if (!HopByHopHeaders.PassUnchanged(name, value)) return false;
        }

        if (message.Content is not null)
        {
            foreach (var (name, values) in message.Content.Headers.NonValidated)
            {
                if (!TryCount(name, values, out var value, ref size)) return false;
                if (MessageHeaders.IsContentType(name)) contentType = value;
            }
        }

        read = new CallerMessage(message, written, host, contentType, timeout, size);
        return true;
    }

    private static bool TryCount(string name, HeaderStringValues values, out string value, ref int size)
    {
        value = "";
        if (values.Count != 1) return false;
        value = values.ToString();
        size += name.Length + value.Length + SizePerHeader;
        return true;
    }
}
