namespace OrleansPool.Core.Transports.JsonRpc;

/// <summary>JSON-RPC on an endpoint's connections, upstream and at its listening port.</summary>
public sealed class JsonRpcOptions
{
    /// <summary>What a caller gets. Default shared.</summary>
    public JsonRpcMode Mode { get; set; } = JsonRpcMode.Shared;

    /// <summary>How messages are told apart, one of <see cref="JsonRpcFramings"/>. Default: newline.</summary>
    public string Framing { get; set; } = JsonRpcFramings.Newline;

    /// <summary>The largest message, or batch, either way. 1,024 to 268,435,456 bytes, default 4,194,304.</summary>
    public int MaxMessageBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>How deep a message may be nested. 4 to 512, default 64.</summary>
    public int MaxDepth { get; set; } = 64;

    /// <summary>How many messages a caller's batch may have. 1 to 100,000, default 1,000.</summary>
    public int MaxBatch { get; set; } = 1_000;

    /// <summary>
    /// Codes of the errors by which the upstream says that it has too much to do; they make the limit fall. At most 32. Default: none, since JSON-RPC itself
    /// reserves no code for it.
    /// </summary>
    public string[] PushBackCodes { get; set; } = [];
}
