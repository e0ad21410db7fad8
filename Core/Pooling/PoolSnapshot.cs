using OrleansPool.Core.Pooling.Health;

namespace OrleansPool.Core.Pooling;

/// <summary>A pool at one instant: all numbers were read under one lock, so they fit together.</summary>
/// <param name="Connecting">Connections being opened.</param>
/// <param name="Idle">Open channels without a call.</param>
/// <param name="Busy">Open channels with at least one call.</param>
/// <param name="Draining">Channels that take no new calls and are not closed yet.</param>
/// <param name="Max">The most there may be of all of them together.</param>
/// <param name="InFlight">Calls in flight: permits dealt.</param>
/// <param name="Limit">Permits in all.</param>
/// <param name="Waiting">Calls in the queue.</param>
/// <param name="OldestWait">How long the first of them has been waiting.</param>
/// <param name="Totals">What happened so far.</param>
/// <param name="Addresses">The endpoint's addresses, and how each is.</param>
/// <param name="Leaks">Leases that are out for longer than <c>Pool:LeakThreshold</c>.</param>
public sealed record PoolSnapshot(
    int Connecting, int Idle, int Busy, int Draining, int Max, int InFlight, int Limit, int Waiting, TimeSpan OldestWait, PoolTotals Totals, IReadOnlyList<AddressSnapshot> Addresses, IReadOnlyList<HeldLease> Leaks)
{
    /// <summary>Connections to keep open when nobody calls.</summary>
    public int Min { get; init; }

    /// <summary>Connections at most by the share that is in force, those that exist included.</summary>
    public int Allowed { get; init; }

    /// <summary>True while calls wait because an operator said so.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Calls that the open connections carry at once.</summary>
    public long Capacity { get; init; }

    /// <summary>Connections as the upstream can see them.</summary>
    public int Connections => Connecting + Idle + Busy + Draining;
}
