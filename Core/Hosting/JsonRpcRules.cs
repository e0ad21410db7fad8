using System.Globalization;
using OrleansPool.Core.Model;
using OrleansPool.Core.Transports.JsonRpc;

namespace OrleansPool.Core.Hosting;

/// <summary>The rules of docs/options.md for JSON-RPC: what an endpoint of another protocol must not say, and what this one may.</summary>
internal static class JsonRpcRules
{
    private const int MaxPushBackCodes = 32;

    public static void Check(string path, EndpointOptions endpoint, ConfigErrors errors)
    {
        if (endpoint.Protocol == Protocol.JsonRpc)
        {
            CheckOptions($"{path}:JsonRpc", endpoint.JsonRpc, errors);
            if (endpoint is { JsonRpc: { Mode: JsonRpcMode.Session, PushBackCodes.Length: > 0 } }) errors.Add($"{path}:JsonRpc:PushBackCodes", $"{endpoint.JsonRpc.PushBackCodes.Length} entries", "sessions teach the limit nothing, so these mean something with JsonRpc:Mode = shared only");
            if (endpoint.Authority is { } authority) errors.Add($"{path}:Authority", authority, "it means nothing with Protocol = jsonrpc; remove it");
        }
        else if (IsSet(endpoint.JsonRpc))
        {
            errors.Add($"{path}:JsonRpc", "(set)", "these options mean something with Protocol = jsonrpc only");
        }
    }

    private static void CheckOptions(string path, JsonRpcOptions options, ConfigErrors errors)
    {
        if (!JsonRpcFramings.Names.Contains(options.Framing, StringComparer.OrdinalIgnoreCase))
            errors.Add($"{path}:Framing", options.Framing, $"one of {string.Join(", ", JsonRpcFramings.Names)} is expected");
        errors.Range($"{path}:MaxMessageBytes", options.MaxMessageBytes, 1_024, 268_435_456, " bytes");
        errors.Range($"{path}:MaxDepth", options.MaxDepth, 4, 512);
        errors.Range($"{path}:MaxBatch", options.MaxBatch, 1, 100_000);
        if (options.PushBackCodes.Length > MaxPushBackCodes) errors.Add($"{path}:PushBackCodes", $"{options.PushBackCodes.Length} entries", $"at most {MaxPushBackCodes} are allowed");
        for (var at = 0; at < options.PushBackCodes.Length; at++)
        {
            if (!IsCode(options.PushBackCodes[at])) errors.Add($"{path}:PushBackCodes:{at}", options.PushBackCodes[at], "the code of an error is expected, a whole number as -32005");
        }
    }

    // As it is compared with what the upstream answers: one way to write each number.
    private static bool IsCode(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code) && string.Equals(code.ToString(CultureInfo.InvariantCulture), text, StringComparison.Ordinal);

    private static bool IsSet(JsonRpcOptions options)
    {
        var defaults = new JsonRpcOptions();
        return options.Mode != defaults.Mode || !string.Equals(options.Framing, defaults.Framing, StringComparison.OrdinalIgnoreCase) || options.MaxMessageBytes != defaults.MaxMessageBytes || options.MaxDepth != defaults.MaxDepth
            || options.MaxBatch != defaults.MaxBatch || options.PushBackCodes.Length > 0;
    }
}
