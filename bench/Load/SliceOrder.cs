using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OrleansPool.Bench.Load;

/// <summary>One slice of load, as the conductor orders it on a line: <c>run 64 3</c>.</summary>
/// <param name="Concurrency">Calls at once.</param>
/// <param name="Duration">How long new calls begin.</param>
public sealed record SliceOrder(int Concurrency, TimeSpan Duration)
{
    private const string Verb = "run";

    /// <summary>The order as a line.</summary>
    public string ToLine() => $"{Verb} {Concurrency} {Duration.TotalSeconds.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Reads what <see cref="ToLine"/> wrote.</summary>
    public static bool TryParse(string? line, [NotNullWhen(true)] out SliceOrder? order)
    {
        order = null;
        if (line?.Split(' ') is not [Verb, var concurrency, var seconds]) return false;
        if (!int.TryParse(concurrency, NumberStyles.None, CultureInfo.InvariantCulture, out var calls) || calls < 1) return false;
        if (!double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var length) || length <= 0) return false;
        order = new SliceOrder(calls, TimeSpan.FromSeconds(length));
        return true;
    }
}
