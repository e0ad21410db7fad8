using System.Globalization;

namespace OrleansPool.Core.Calls;

/// <summary>The value of <c>grpc-timeout</c>: at most eight digits and a unit (grpc/doc/PROTOCOL-HTTP2.md).</summary>
public static class GrpcTimeout
{
    private const int MaxDigits = 8;
    private const long MaxValue = 99_999_999;

    private const long NanosecondsPerTick = 100;

    // From fine to coarse; nanoseconds are finer than a tick and stand apart. Whole numbers throughout: beyond 2^53 a double no longer tells the tick.
    private static readonly (char Unit, long Ticks)[] _units =
        [('u', TimeSpan.TicksPerMicrosecond), ('m', TimeSpan.TicksPerMillisecond), ('S', TimeSpan.TicksPerSecond), ('M', TimeSpan.TicksPerMinute), ('H', TimeSpan.TicksPerHour)];

    /// <summary>Reads a value; false when it is not one. Less than a tick, 100 ns, is nothing.</summary>
    public static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MaxDigits + 1) return false;
        if (!long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return false;
        long? ticks = text[^1] == 'n' ? value / NanosecondsPerTick : value * TicksPer(text[^1]);
        timeout = new TimeSpan(ticks ?? 0);
        return ticks is not null;
    }

    /// <summary>Writes a positive time in the finest unit that holds it, rounded down: never more than there is.</summary>
    public static string Format(TimeSpan timeout)
    {
        if (timeout.Ticks <= MaxValue / NanosecondsPerTick) return Text(timeout.Ticks * NanosecondsPerTick, 'n');
        foreach (var (unit, ticks) in _units)
        {
            if (timeout.Ticks <= MaxValue * ticks) return Text(timeout.Ticks / ticks, unit);
        }

        return Text(MaxValue, 'H');
    }

    private static long? TicksPer(char name)
    {
        foreach (var (unit, ticks) in _units)
        {
            if (unit == name) return ticks;
        }

        return null;
    }

    private static string Text(long value, char unit) => string.Create(CultureInfo.InvariantCulture, $"{value}{unit}");
}
