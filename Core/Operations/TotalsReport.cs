using OrleansPool.Core.Calls;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Operations;

/// <summary>What happened at an endpoint on one host since that started.</summary>
public sealed record TotalsReport
{
    /// <summary>Leases dealt.</summary>
    public long Acquired { get; init; }

    /// <summary>Of these, those for which a call had to wait.</summary>
    public long Waited { get; init; }

    /// <summary>Calls refused.</summary>
    public long Refused { get; init; }

    /// <summary>Calls whose wait ended with the longest wait, or their deadline.</summary>
    public long TimedOut { get; init; }

    /// <summary>Calls whose caller left while they waited.</summary>
    public long Cancelled { get; init; }

    /// <summary>Connections opened.</summary>
    public long Connected { get; init; }

    /// <summary>Rounds of attempts to open one that all failed.</summary>
    public long ConnectFailed { get; init; }

    /// <summary>Connections closed, by why; only what occurred.</summary>
    public IReadOnlyDictionary<string, long> Closed { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Addresses left out for a while, by why; only what occurred.</summary>
    public IReadOnlyDictionary<string, long> Ejected { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Leases that were held too long.</summary>
    public long Leaked { get; init; }

    /// <summary>Attempts beyond the first.</summary>
    public long Retried { get; init; }

    /// <summary>Attempts beside another one of the same call.</summary>
    public long Hedged { get; init; }

    /// <summary>Calls that went on to the fallback endpoint.</summary>
    public long FellBack { get; init; }

    internal static TotalsReport Of(PoolTotals pool, CallTotals calls) => new()
    {
        Acquired = pool.Acquired,
        Waited = pool.Waited,
        Refused = pool.Refused,
        TimedOut = pool.TimedOut,
        Cancelled = pool.Cancelled,
        Connected = pool.Connected,
        ConnectFailed = pool.ConnectFailed,
        Closed = Occurred(pool.Closed),
        Ejected = Occurred(pool.Ejected),
        Leaked = pool.Leaked,
        Retried = calls.Retried,
        Hedged = calls.Hedged,
        FellBack = calls.FellBack,
    };

    private static Dictionary<string, long> Occurred<T>(IReadOnlyDictionary<T, long> counts)
        where T : struct, Enum => counts.Where(count => count.Value > 0).ToDictionary(count => count.Key.ToString(), count => count.Value, StringComparer.Ordinal);
}
