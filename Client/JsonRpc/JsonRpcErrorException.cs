using System.Text.Json;

namespace OrleansPool.Client.JsonRpc;

/// <summary>The upstream answered a call with an error object of its own.</summary>
public sealed class JsonRpcErrorException : Exception
{
    internal JsonRpcErrorException(int code, string message, JsonElement? errorData)
        : base(message)
    {
        (Code, ErrorData) = (code, errorData);
    }

    /// <summary>The error's code, as the upstream chose it.</summary>
    public int Code { get; }

    /// <summary>The error's <c>data</c>; null when it has none.</summary>
    public JsonElement? ErrorData { get; }
}
