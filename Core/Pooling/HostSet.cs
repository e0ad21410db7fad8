using System.Diagnostics.CodeAnalysis;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Pooling;

/// <summary>The addresses of an endpoint right now, and the choice among them for a new connection. Thread-safe; its lock is a leaf.</summary>
internal sealed class HostSet(PoolSettings settings, TimeProvider time, Random random)
{
    private readonly Lock _gate = new();
    private UpstreamHost[] _hosts = [];

    /// <summary>True when at least one address may be tried now.</summary>
    public bool AnyAvailable => AnyAvailableBut(null);

    /// <summary>True when there is but one, and so nothing to compare it with.</summary>
    public bool IsOne => Volatile.Read(ref _hosts).Length == 1;

    /// <summary>All of them.</summary>
    public IReadOnlyList<UpstreamHost> All => Volatile.Read(ref _hosts);

    /// <summary>Time until the first address may be tried again; null when one may be now, or there is none.</summary>
    public TimeSpan? RetryAfter
    {
        get
        {
            TimeSpan? soonest = null;
            foreach (var host in All)
            {
                if (host.IsAvailable) return null;
                if (host.IsConnectable) continue;
                var left = host.BlockedUntil.Remaining(time);
                if (soonest is null || left < soonest) soonest = left;
            }

            return soonest;
        }
    }

    /// <summary>True when an address other than <paramref name="host"/> may be tried now.</summary>
    public bool AnyAvailableBut(UpstreamHost? host) => All.Any(other => other != host && other.IsAvailable);

    /// <summary>Why no address can be tried now.</summary>
    public CallFailure NoneAvailable(CallFailure? lastFailure)
    {
        if (All.Count == 0) return new CallFailure(FailureCode.NoAddress, "None of the endpoint's addresses resolves to an IP address.");
        var because = lastFailure is null ? "" : $" Last: {lastFailure.Detail}";
        return new CallFailure(FailureCode.CircuitOpen, $"All {All.Count} addresses are being left alone after failed attempts to connect.{because}")
        {
            RetryAfter = RetryAfter,
        };
    }

    /// <summary>False when the address has gone while a connection to it was being opened.</summary>
    public bool Contains(UpstreamHost host) => All.Contains(host);

    /// <summary>Takes the new addresses, keeping what is known of those that stay. Returns the hosts that are gone.</summary>
    public IReadOnlyList<UpstreamHost> Replace(IReadOnlyList<ResolvedAddress> addresses)
    {
        lock (_gate)
        {
            var known = _hosts.ToDictionary(host => host.Address);
            _hosts = [.. addresses.Distinct().Select(a => known.Remove(a, out var host) ? host : new UpstreamHost(a, settings, time, random))];
            return [.. known.Values];
        }
    }

    /// <summary>
    /// Of the available addresses the one with the fewest connections over its weight, at random among equals, which is counted as having one more; not
    /// <paramref name="avoid"/>, the one that just failed, while there is another. An address that waits for its probe goes first. All are looked at: of two at
    /// random both may be the same, and a small pool would leave an address without a channel.
    /// </summary>
    public bool TryChoose(UpstreamHost? avoid, [NotNullWhen(true)] out UpstreamHost? host)
    {
        lock (_gate)
        {
            var available = _hosts.Where(h => h.IsAvailable).ToList();
            if (available.Count > 1 && avoid is not null) available.Remove(avoid);
            host = _hosts.FirstOrDefault(h => h is { WantsProbe: true, IsConnectable: true });
            host ??= available.OrderBy(_ => random.Next()).MinBy(h => (h.Connections + 1) / h.Share);
            if (host is null) return false;
            host.WantsProbe = false;
            Claim_NeedsLock(host);
            return true;
        }
    }

    /// <summary>Somebody is about to connect to <paramref name="host"/>, which is counted as having one more connection.</summary>
    public void Claim(UpstreamHost host)
    {
        lock (_gate) Claim_NeedsLock(host);
    }

    /// <summary>A connection to <paramref name="host"/> failed to open, or closed.</summary>
    public void Release(UpstreamHost host)
    {
        lock (_gate) host.Connections--;
    }

    /// <summary>A call at <paramref name="host"/> is over: its weight beside the others may change. Called under the pool's lock.</summary>
    public void Learn(UpstreamHost host, in CallOutcome outcome, TimeSpan took)
    {
        var fastest = double.MaxValue;
        foreach (var other in Volatile.Read(ref _hosts))
        {
            if (other.Weight.MeanTicks is var mean and > 0) fastest = Math.Min(fastest, mean);
        }

        host.Weight.Learn(outcome, took, fastest);
    }

    /// <summary>Once a second: addresses that were spared come back by and by. Called under the pool's lock.</summary>
    public void Recover()
    {
        foreach (var host in All) host.Weight.Recover();
    }

    private static void Claim_NeedsLock(UpstreamHost host)
    {
        host.Connections++;
        host.Claim();
    }
}
