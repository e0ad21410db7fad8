using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits;

namespace OrleansPool.Gateway.Admin;

/// <summary>An order as a request has it: a verb from the path, and what goes with it from the query.</summary>
internal static class OrderRequest
{
    private const int MaxPermits = 1_000_000;
    private const string Auto = "auto";

    /// <summary>All verbs, as they stand in paths.</summary>
    public static IReadOnlyDictionary<string, OrderVerb> Verbs { get; } = new Dictionary<string, OrderVerb>(StringComparer.OrdinalIgnoreCase)
    {
        ["pause"] = OrderVerb.Pause,
        ["resume"] = OrderVerb.Resume,
        ["drain"] = OrderVerb.Drain,
        ["evict-idle"] = OrderVerb.EvictIdle,
        ["reconnect"] = OrderVerb.Reconnect,
        ["limit"] = OrderVerb.SetLimit,
        ["cap"] = OrderVerb.SetCap,
        ["mode"] = OrderVerb.SetMode,
    };

    /// <summary>Reads it; false with what is wrong and what is allowed.</summary>
    /// <param name="verb">One of <see cref="Verbs"/>.</param>
    /// <param name="value">Of the query; null where there is none.</param>
    /// <param name="keep">Whether it is to be kept.</param>
    /// <param name="cap">The endpoint's configured cap.</param>
    /// <param name="order">The order.</param>
    /// <param name="error">What is wrong.</param>
    public static bool TryRead(OrderVerb verb, string? value, bool keep, int cap, [NotNullWhen(true)] out Order? order, [NotNullWhen(false)] out string? error)
    {
        (order, error) = verb switch
        {
            OrderVerb.SetLimit => Number(verb, value, MaxPermits, "", keep),
            OrderVerb.SetCap => Number(verb, value, cap, " (Pool:Max; change that to raise it further)", keep),
            OrderVerb.SetMode => Mode(value, keep),
            OrderVerb.EvictIdle or OrderVerb.Reconnect when keep => (null, "keep = true: this is done once, and there is nothing to keep; leave it out.\n"),
            _ when value is not null => (null, $"value = {value}: this verb takes none; leave it out.\n"),
            _ => (new Order(verb, IsKept: keep), (string?)null),
        };
        return order is not null;
    }

    private static (Order?, string?) Number(OrderVerb verb, string? value, int most, string why, bool keep)
    {
        if (string.Equals(value, Auto, StringComparison.OrdinalIgnoreCase)) return (new Order(verb, IsKept: keep), null);
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? (new Order(verb, number, IsKept: keep), null)
            : (null, $"value = {value ?? "(nothing)"}: allowed are 1 to {most}{why}, or auto.\n");
    }

    private static (Order?, string?) Mode(string? value, bool keep)
    {
        if (string.Equals(value, Auto, StringComparison.OrdinalIgnoreCase)) return (new Order(OrderVerb.SetMode, IsKept: keep), null);
        return !int.TryParse(value, out _) && Enum.TryParse<LimitMode>(value, ignoreCase: true, out var mode)
            ? (new Order(OrderVerb.SetMode, Mode: mode, IsKept: keep), null)
            : (null, $"value = {value ?? "(nothing)"}: one of enforce, observe, off or auto is expected.\n");
    }
}
