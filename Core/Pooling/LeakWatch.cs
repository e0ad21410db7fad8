using OrleansPool.Core.Model;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// Finds leases that are out for longer than the threshold: a caller that forgot to read its answer, or an upstream that never ends one. Each is told once.
/// It cuts nothing. Guarded by the pool's lock.
/// </summary>
internal sealed class LeakWatch(ChannelRoster roster, TimeSpan threshold, Func<CallRequest, string?> callerOf, PoolTotals totals)
{
    // A threshold is minutes; looking at a million leases takes some milliseconds, and not each second.
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(5);

    private TimeSpan _lookedAt;

    /// <summary>All that are out too long now.</summary>
    public List<HeldLease> Find(TimeSpan now)
    {
        List<HeldLease> held = [];
        if (threshold == TimeSpan.Zero) return held;
        foreach (var channel in roster.All)
        {
            foreach (var (slot, since) in channel.Held(now - threshold)) held.Add(Describe(channel, slot, now - since));
        }

        return held;
    }

    /// <summary>From time to time: tells of those that were not told of yet.</summary>
    public void Look(TimeSpan now, ref Aftermath after)
    {
        if (threshold == TimeSpan.Zero || now - _lookedAt < _period) return;
        _lookedAt = now;
        foreach (var channel in roster.All)
        {
            foreach (var (slot, since) in channel.Held(now - threshold))
            {
                if (!channel.TryTell(slot)) continue;
                totals.Leaked++;
                after.Note(Describe(channel, slot, now - since));
            }
        }
    }

    private HeldLease Describe(PooledChannel channel, int slot, TimeSpan heldFor)
    {
        var request = channel.RequestOf(slot);
        return HeldLease.Of(request, request is null ? null : callerOf(request), channel.Host.Address.ToString(), heldFor);
    }
}
