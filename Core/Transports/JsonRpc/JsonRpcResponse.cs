using System.Globalization;

namespace OrleansPool.Core.Transports.JsonRpc;

/// <summary>
/// The response object with the caller's own id, or nothing for a notification. The code of an error in it is told in a header, so that nobody needs to read it
/// again.
/// </summary>
internal sealed class JsonRpcResponse : WholeResponse
{
    /// <summary>Header with the code of the error that the upstream answered.</summary>
    public const string ErrorCodeHeader = "jsonrpc-error-code";

    public JsonRpcResponse(Reply reply)
        : base(reply.Body)
    {
        if (reply.ErrorCode is { } code) Headers.Add(ErrorCodeHeader, code.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>What follows a notification.</summary>
    public static JsonRpcResponse Nothing() => new(default);
}
