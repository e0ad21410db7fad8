using System.Text.Json;

namespace OrleansPool.Bench.Load;

/// <summary>What one slice of load measured, or why it broke off. Travels as one line of JSON.</summary>
/// <param name="Calls">Calls answered.</param>
/// <param name="Seconds">From the first call's begin to the last one's end.</param>
/// <param name="P50Us">Median of the response times, in microseconds.</param>
/// <param name="P99Us">99th percentile of the response times, in microseconds.</param>
/// <param name="Error">Why the slice broke off; null when it did not.</param>
public sealed record SliceResult(long Calls, double Seconds, double P50Us, double P99Us, string? Error = null)
{
    /// <summary>Calls per second.</summary>
    public double Rate => Calls / Seconds;

    /// <summary>A slice that says nothing but why.</summary>
    public static SliceResult Failed(string error) => new(0, 0, 0, 0, error);

    /// <summary>The result as a line.</summary>
    public string ToLine() => JsonSerializer.Serialize(this);

    /// <summary>Reads what <see cref="ToLine"/> wrote.</summary>
    /// <exception cref="JsonException">The line is something else.</exception>
    public static SliceResult Parse(string line) =>
        JsonSerializer.Deserialize<SliceResult>(line) ?? throw new JsonException("A result was expected, not null.");
}
