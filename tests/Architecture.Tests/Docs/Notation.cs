using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansPool.Architecture.Tests.Docs;

/// <summary>How docs/options.md writes values: <c>50 ms</c>, <c>1,000</c>, <c>true</c>, <c>none</c>, a text.</summary>
internal static class Notation
{
    private static readonly Regex _time = new(@"^(?<number>[\d.,]+) (?<unit>ms|s|min|h|d)$", RegexOptions.NonBacktracking);

    /// <summary>What a cell says, as a value of <paramref name="type"/>; null for none, whatever follows that word, where it is no value itself.</summary>
    public static object? Read(string cell, Type type)
    {
        var text = cell.Trim('`');
        if (type.IsEnum && Enum.TryParse(type, text, ignoreCase: true, out var member)) return member;
        if (text.StartsWith("none", StringComparison.Ordinal)) return null;
        if (type == typeof(TimeSpan)) return ReadTime(text);
        if (type == typeof(bool)) return bool.Parse(text);
        return type.IsPrimitive ? Convert.ChangeType(Number(text), type, CultureInfo.InvariantCulture) : text;
    }

    /// <summary>A value as it is written into a configuration.</summary>
    public static string Configured(object value) => value is TimeSpan time ? time.ToString("c", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    /// <summary>The nearest value below or above that the configuration can tell apart.</summary>
    public static object Beside(object value, int direction) => value switch
    {
        TimeSpan time => time + TimeSpan.FromTicks(direction),
        double number => number + (0.001 * direction),
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture) + direction,
    };

    private static TimeSpan ReadTime(string text)
    {
        if (text == "0") return TimeSpan.Zero;
        var match = _time.Match(text);
        Assert.True(match.Success, $"\"{text}\" is no time such as 50 ms, 5 s, 2 min, 1 h, 7 d");
        var number = (double)Number(match.Groups["number"].Value);
        return match.Groups["unit"].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            "min" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            _ => TimeSpan.FromDays(number),
        };
    }

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);
}
