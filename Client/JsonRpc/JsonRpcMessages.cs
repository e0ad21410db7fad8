using System.Buffers;
using System.Text.Json;

namespace OrleansPool.Client.JsonRpc;

/// <summary>Writes what a caller sends and reads what it gets.</summary>
internal static class JsonRpcMessages
{
    private const int TypicalBytes = 256;

    public static ReadOnlyMemory<byte> Request(string method, object? parameters, JsonSerializerOptions options) => Write(method, parameters, options, hasId: true);

    public static ReadOnlyMemory<byte> Notification(string method, object? parameters, JsonSerializerOptions options) => Write(method, parameters, options, hasId: false);

    public static TResult? ResultOf<TResult>(ReadOnlySpan<byte> answer, JsonSerializerOptions options)
    {
        var json = new Utf8JsonReader(answer);
        var root = JsonElement.ParseValue(ref json);
        if (root.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null) throw ErrorOf(error);
        return root.TryGetProperty("result", out var result) ? result.Deserialize<TResult>(options) : default;
    }

    private static ReadOnlyMemory<byte> Write(string method, object? parameters, JsonSerializerOptions options, bool hasId)
    {
        var bytes = new ArrayBufferWriter<byte>(TypicalBytes);
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();
        json.WriteString("jsonrpc", "2.0");

        // Each message travels alone, and the pool gives it an id of its own on the connection.
        if (hasId) json.WriteNumber("id", 1);
        json.WriteString("method", method);
        if (parameters is not null) WriteParameters(json, parameters, options);
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenMemory;
    }

    private static void WriteParameters(Utf8JsonWriter json, object parameters, JsonSerializerOptions options)
    {
        var value = JsonSerializer.SerializeToElement(parameters, parameters.GetType(), options);
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            throw new ArgumentException($"JSON-RPC takes an object or a list as params; {parameters.GetType().Name} becomes a {value.ValueKind}.", nameof(parameters));
        json.WritePropertyName("params");
        value.WriteTo(json);
    }

    private static JsonRpcErrorException ErrorOf(JsonElement error)
    {
        var told = error.Deserialize<ErrorObject>(JsonSerializerOptions.Web) ?? throw new JsonException("The error is no object.");
        return new JsonRpcErrorException(told.Code, told.Message ?? "", told.Data);
    }

    private sealed record ErrorObject(int Code, string? Message, JsonElement? Data);
}
