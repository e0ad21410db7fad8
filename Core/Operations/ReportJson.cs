using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansPool.Core.Operations;

/// <summary>Reports and questions for them as JSON, between hosts: enums by name, times as .NET writes them. Stateless.</summary>
public static class ReportJson
{
    private static readonly JsonSerializerOptions _options = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>As UTF-8.</summary>
    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, _options);

    /// <summary>What <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<T>(json, _options) ?? throw new JsonException($"null is no {typeof(T).Name}.");
}
