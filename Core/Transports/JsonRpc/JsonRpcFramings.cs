namespace OrleansPool.Core.Transports.JsonRpc;

/// <summary>How messages are told apart on a connection. JSON-RPC itself leaves that open; these two are what its peers use over TCP.</summary>
public static class JsonRpcFramings
{
    /// <summary>A line for each message; what a message has of line ends between its members is sent as spaces.</summary>
    public const string Newline = "newline";

    /// <summary>A header <c>Content-Length</c> before each message, as language servers have it.</summary>
    public const string ContentLength = "content-length";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Names { get; } = [Newline, ContentLength];
}
