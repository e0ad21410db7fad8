using System.Globalization;

namespace OrleansPool.Bench.LimitLab.Scenarios;

/// <summary>Lengths of time as people write them.</summary>
internal static class Duration
{
    // The longer unit first: "min" ends in no other, but "ms" ends in "s".
    private static readonly (string Unit, double Seconds)[] _units = [("min", 60), ("ms", 0.001), ("us", 0.000001), ("h", 3600), ("s", 1)];

    public static bool TryParse(string text, out TimeSpan time)
    {
        time = default;
        foreach (var (unit, seconds) in _units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)) continue;
            if (!double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
            if (number * seconds > TimeSpan.FromDays(1).TotalSeconds) return false;
            time = TimeSpan.FromSeconds(number * seconds);
            return true;
        }

        return false;
    }
}
