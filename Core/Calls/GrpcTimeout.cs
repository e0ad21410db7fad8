using System.Globalization;

namespace OrleansPool.Core.Calls;

/// <summary>The value of <c>grpc-timeout</c>: at most eight digits and a unit (grpc/doc/PROTOCOL-HTTP2.md).</summary>
public static class GrpcTimeout
{
    private const int MaxDigits = 8;
    private const long MaxValue = 99_999_999;

    /// <summary>Reads a value; false when it is not one. A nanosecond is the least that is told apart from zero.</summary>
    public static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MaxDigits + 1) return false;
        if (!long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return false;
        double? seconds = text[^1] switch
        {
            'H' => value * 3600.0,
            'M' => value * 60.0,
            'S' => value,
            'm' => value / 1e3,
            'u' => value / 1e6,
            'n' => value / 1e9,
            _ => null,
        };
        if (seconds is null) return false;
        timeout = TimeSpan.FromSeconds(seconds.Value);
        return true;
    }

    /// <summary>Writes a positive time in the finest unit that holds it, rounded down: never more than there is.</summary>
    public static string Format(TimeSpan timeout)
    {
        var nanoseconds = timeout.Ticks * 100.0;
        foreach (var (unit, length) in (ReadOnlySpan<(char, double)>)[('n', 1), ('u', 1e3), ('m', 1e6), ('S', 1e9), ('M', 60e9)])
        {
            if (nanoseconds / length <= MaxValue) return string.Create(CultureInfo.InvariantCulture, $"{(long)(nanoseconds / length)}{unit}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Math.Min(MaxValue, (long)timeout.TotalHours)}H");
    }
}
