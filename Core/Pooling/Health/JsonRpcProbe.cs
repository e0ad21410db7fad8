using System.Text;
using System.Text.Json;
using OrleansPool.Core.Model;
using OrleansPool.Core.Transports;
using OrleansPool.Core.Transports.JsonRpc;

namespace OrleansPool.Core.Pooling.Health;

/// <summary>A JSON-RPC call without parameters, whose result may be anything.</summary>
internal sealed class JsonRpcProbe(string method, bool acceptsUnknownMethod) : CallProbe
{
    /// <summary>What servers that describe themselves have (OpenRPC specification, "Service Discovery Method").</summary>
    public const string DefaultMethod = "rpc.discover";

    // JSON-RPC 2.0, section 5.1.
    private const string MethodNotFound = "-32601";

    private readonly byte[] _message = Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":1,"method":"{{JsonEncodedText.Encode(method)}}"}""");

    protected override CallRequest Request() => new() { Method = JsonRpcMethods.Call, Target = $"/{method}", Headers = new HeaderBlock(0), HasBody = true, Body = _message };

    protected override string? Judge(UpstreamResponse response, ReadOnlySpan<byte> body)
    {
        if (!response.Headers.TryGet(JsonRpcResponse.ErrorCodeHeader, out var code)) return null;
        if (code is MethodNotFound) return acceptsUnknownMethod ? null : $"it has no method {method}; set Check:Method to one that it has, or Check:AcceptUnknownMethod";
        return $"{method} was answered by the error {code}";
    }
}
