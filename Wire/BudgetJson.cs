using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Wire;

/// <summary>Budget types as JSON: the store's rows, and the view that people look at. What a reader does not know it passes over. Stateless.</summary>
public static class BudgetJson
{
    private static readonly JsonSerializerOptions _options = new() { Converters = { new HistogramConverter() } };

    /// <summary>As UTF-8.</summary>
    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, _options);

    /// <summary>What <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<T>(json, _options) ?? throw new JsonException($"null is no {typeof(T).Name}.");

    /// <summary>A histogram as its sum in ticks and the buckets that are not empty, each followed by its count.</summary>
    private sealed class HistogramConverter : JsonConverter<ResponseTimeHistogram>
    {
        public override ResponseTimeHistogram Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var numbers = JsonSerializer.Deserialize<long[]>(ref reader, options) ?? throw new JsonException("A list of numbers is expected.");
            return ResponseTimeHistogram.From(numbers.Skip(1).Chunk(2).Select(filled => ((int)filled[0], (int)filled[1])), new TimeSpan(numbers[0]));
        }

        public override void Write(Utf8JsonWriter writer, ResponseTimeHistogram value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Filled().SelectMany(filled => new long[] { filled.Bucket, filled.Count }).Prepend(value.Sum.Ticks), options);
    }
}
