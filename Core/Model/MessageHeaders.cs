using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;

namespace OrleansPool.Core.Model;

/// <summary>Reads the headers of HTTP messages as they are: nothing is parsed, so that nothing changes.</summary>
public static class MessageHeaders
{
    /// <summary>All headers of a request and of its body, but for <c>Host</c>: whom to call is the endpoint's business.</summary>
    public static HeaderBlock Copy(HttpRequestMessage message)
    {
        var block = new HeaderBlock();
        Add(block, message.Headers);
        if (message.Content is not null) Add(block, message.Content.Headers);
        return block;
    }

    /// <summary>The first value of a header.</summary>
    internal static bool TryGet(HttpHeaders headers, string name, [NotNullWhen(true)] out string? value)
    {
        value = headers.NonValidated.TryGetValues(name, out var values) ? First(values) : null;
        return value is not null;
    }

    internal static bool IsHost(string name) => Is(name, "Host");

    internal static bool IsContentType(string name) => Is(name, "Content-Type");

    internal static bool IsGrpcTimeout(string name) => Is(name, "grpc-timeout");

    private static bool Is(string name, string other) => name.Length == other.Length && string.Equals(name, other, StringComparison.OrdinalIgnoreCase);

    private static void Add(HeaderBlock block, HttpHeaders headers)
    {
        foreach (var (name, values) in headers.NonValidated)
        {
            if (IsHost(name)) continue;
            foreach (var value in values) block.Add(name, value);
        }
    }

    private static string? First(HeaderStringValues values)
    {
        if (values.Count == 1) return values.ToString();
        foreach (var value in values) return value;
        return null;
    }
}
