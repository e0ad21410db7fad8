using OrleansPool.Core.Pooling.Health;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// What a pool did since its endpoint was first known. Kept apart from the pool, so that the totals never go backwards when a pool is replaced.
/// Written under the pool's lock.
/// </summary>
public sealed class PoolTotals
{
    private readonly long[] _closed = new long[Enum.GetValues<CloseReason>().Length];
    private readonly long[] _ejected = new long[Enum.GetValues<EjectReason>().Length];

    /// <summary>Leases dealt.</summary>
    public long Acquired { get; internal set; }

    /// <summary>Leases dealt that had to wait first.</summary>
    public long Waited { get; internal set; }

    /// <summary>Calls refused: at once, or out of the queue when no channel could be had or the drain began.</summary>
    public long Refused { get; internal set; }

    /// <summary>Calls whose wait ended with the maximum wait or their deadline.</summary>
    public long TimedOut { get; internal set; }

    /// <summary>Calls whose caller left while they waited.</summary>
    public long Cancelled { get; internal set; }

    /// <summary>Channels opened.</summary>
    public long Connected { get; internal set; }

    /// <summary>Rounds of attempts to open a channel that all failed.</summary>
    public long ConnectFailed { get; internal set; }

    /// <summary>Leases that were held for longer than the threshold.</summary>
    public long Leaked { get; internal set; }

    /// <summary>Leases given back more than once or to the wrong pool: a bug in the caller of the pool.</summary>
    public long StrayReturns { get; internal set; }

    /// <summary>Channels closed, by reason.</summary>
    public IReadOnlyDictionary<CloseReason, long> Closed => Enum.GetValues<CloseReason>().ToDictionary(r => r, r => _closed[(int)r]);

    /// <summary>Addresses left out for a while, by reason.</summary>
    public IReadOnlyDictionary<EjectReason, long> Ejected => Enum.GetValues<EjectReason>().ToDictionary(r => r, r => _ejected[(int)r]);

    internal void CountEjected(EjectReason reason) => _ejected[(int)reason]++;

    internal void CountClosed(CloseReason reason) => _closed[(int)reason]++;

    internal PoolTotals Copy()
    {
        var copy = new PoolTotals
        {
            Acquired = Acquired,
            Waited = Waited,
            Refused = Refused,
            TimedOut = TimedOut,
            Cancelled = Cancelled,
            Connected = Connected,
            ConnectFailed = ConnectFailed,
            StrayReturns = StrayReturns,
            Leaked = Leaked,
        };
        _closed.CopyTo(copy._closed, 0);
        _ejected.CopyTo(copy._ejected, 0);
        return copy;
    }
}
