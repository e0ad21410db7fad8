using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Pooling.Health;

/// <summary>
/// Which addresses of an endpoint get no calls for a while: by what calls show of them, never more than the share that is allowed; by what checks find; and none
/// while not one is well. Guarded by the pool's lock.
/// </summary>
internal sealed class OutlierWatch(HostSet hosts, PoolSettings settings, PoolTotals totals, TimeProvider time)
{
    private readonly OutlierOptions _options = settings.Outliers;
    private readonly CheckOptions _check = settings.Check;
    private TimeSpan _turnedAt;
    private bool _isPanic;

    /// <summary>A call is over. True when its address gets no calls from now on, so that its channels are of no use.</summary>
    public bool Learn(PooledChannel channel, in CallOutcome outcome, TimeSpan took, ref Aftermath after)
    {
        var (host, now) = (channel.Host, time.MonotonicNow());
        var tells = host.Health.Learn(channel, outcome, took);
        if (tells) return Conclude(host, outcome, now, ref after);
        if (host.Health.Phase != AddressPhase.Well || host.Health.FailuresInARow == 0) return false;
        return OutlierDetection.ByCall(_options, host.Health.FailuresInARow, host.Health.Seen, RestOf(host)) is { } reason && TryEject(host, reason, now, ref after);
    }

    /// <summary>A check ended: well, or why not. True when the address gets no calls from now on.</summary>
    public bool Checked(UpstreamHost host, string? why, ref Aftermath after)
    {
        var now = time.MonotonicNow();
        var (wasOut, isOut) = (host.Health.IsOutByCheck, host.Health.Checked(why is null, _check));
        if (isOut && !wasOut)
        {
            host.Health.EjectByCheck(now);
            TellEjected(host, EjectReason.CheckFailed, $"its check failed: {why}", ref after);
        }
        else if (wasOut && !isOut)
        {
            ComeBack(host, now, ref after);
        }

        return isOut && !wasOut;
    }

    /// <summary>Once a second. Returns the addresses that get no calls from now on.</summary>
    public IReadOnlyList<UpstreamHost> Advance(ref Aftermath after)
    {
        var now = time.MonotonicNow();
        foreach (var host in hosts.All) host.Health.Advance(now);
        var ejected = now - _turnedAt >= _options.Interval ? JudgeInterval(now, ref after) : [];
        Reassess(ref after);
        return ejected;
    }

    /// <summary>Whether any address is well enough to be preferred may have changed.</summary>
    public void Reassess(ref Aftermath after)
    {
        var all = hosts.All;
        var isPanic = all.Count > 0 && !all.Any(host => host.Health.Phase == AddressPhase.Well && (host.IsConnectable || host.Connections > 0));
        foreach (var host in all)
        {
            host.Health.IsPanic = isPanic;
            host.IsLeftOut = host.Health.Phase != AddressPhase.Well && !isPanic;
        }

        // That none can be reached is told by the attempts to connect.
        if (isPanic && !_isPanic && all.Any(host => host.Health.Phase != AddressPhase.Well)) after.Note(new AddressChange("", AddressChangeKind.PanicBegan));
        else if (_isPanic && !isPanic) after.Note(new AddressChange("", AddressChangeKind.PanicEnded));
        _isPanic = isPanic && (_isPanic || all.Any(host => host.Health.Phase != AddressPhase.Well));
    }

    private List<UpstreamHost> JudgeInterval(TimeSpan now, ref Aftermath after)
    {
        _turnedAt = now;
        List<UpstreamHost> ejected = [];
        foreach (var host in hosts.All)
        {
            if (host.Health.Phase != AddressPhase.Well || OutlierDetection.ByInterval(_options, host.Health.Seen, RestOf(host)) is not { } reason) continue;
            if (TryEject(host, reason, now, ref after)) ejected.Add(host);
        }

        foreach (var host in hosts.All) host.Health.TurnInterval();
        return ejected;
    }

    private bool Conclude(UpstreamHost host, in CallOutcome probe, TimeSpan now, ref Aftermath after)
    {
        if (probe.Verdict != Verdict.Success)
        {
            Eject(host, EjectReason.ProbeFailed, "the call that was to show whether it is well again failed", now, ref after);
            return true;
        }

        ComeBack(host, now, ref after);
        return false;
    }

    private void ComeBack(UpstreamHost host, TimeSpan now, ref Aftermath after)
    {
        host.Health.ComeBack(now);
        after.Note(new AddressChange(host.Address.ToString(), AddressChangeKind.Back));
        Reassess(ref after);
    }

    private bool TryEject(UpstreamHost host, EjectReason reason, TimeSpan now, ref Aftermath after)
    {
        var leftOut = hosts.All.Count(other => other.Health.Phase != AddressPhase.Well);
        var allowed = _options.MaxShare > 0 ? Math.Max(1, (int)(_options.MaxShare * hosts.All.Count)) : 0;
        if (leftOut >= allowed) return false;
        Eject(host, reason, Sentence(reason, host.Health, RestOf(host)), now, ref after);
        return true;
    }

    private void Eject(UpstreamHost host, EjectReason reason, string why, TimeSpan now, ref Aftermath after)
    {
        host.Health.Eject(now);
        TellEjected(host, reason, why, ref after);
    }

    private void TellEjected(UpstreamHost host, EjectReason reason, string why, ref Aftermath after)
    {
        totals.CountEjected(reason);
        host.Health.Why = why;
        after.Note(new AddressChange(host.Address.ToString(), AddressChangeKind.Ejected, why));
        Reassess(ref after);
    }

    private CallCounts RestOf(UpstreamHost host)
    {
        var rest = default(CallCounts);
        var all = hosts.All;
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i] != host && all[i].Health.Phase == AddressPhase.Well) rest += all[i].Health.Seen;
        }

        return rest;
    }

    private static string Sentence(EjectReason reason, AddressHealth health, CallCounts rest) => reason switch
    {
        EjectReason.ConsecutiveFailures => $"{health.FailuresInARow} calls failed in a row, while of the others' {rest.Calls} {rest.Failed} did",
        EjectReason.FailureRatio => $"{health.Seen.Failed} of {health.Seen.Calls} calls failed, of the others' {rest.Calls} {rest.Failed}",
        _ => $"it takes {health.Seen.Mean.TotalMilliseconds:F0} ms in the mean, the others take {rest.Mean.TotalMilliseconds:F0} ms",
    };
}
