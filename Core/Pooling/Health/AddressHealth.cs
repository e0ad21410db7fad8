using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Pooling.Health;

/// <summary>
/// Whether one address gets calls: well, left out for a while, then probed by one call, and back by and by. Guarded by the pool's lock.
/// </summary>
internal sealed class AddressHealth(OutlierOptions options, Random random)
{
    private CallCounts _current;
    private CallCounts _previous;
    private TimeSpan _ejectedAt;
    private TimeSpan _until;
    private TimeSpan _backSince = TimeSpan.MinValue;
    private TimeSpan _probeSince;
    private PooledChannel? _probe;
    private int _times;
    private int _goodChecks;
    private int _failedChecks;

    public AddressPhase Phase { get; private set; }

    /// <summary>Why it is left out, in a sentence; empty while it is well.</summary>
    public string Why { get; set; } = "";

    /// <summary>True while its checks keep it out.</summary>
    public bool IsOutByCheck { get; private set; }

    /// <summary>No address is well enough to be preferred: all get calls, whatever their phase.</summary>
    public bool IsPanic { get; set; }

    /// <summary>Calls that failed since the last good one.</summary>
    public int FailuresInARow { get; private set; }

    /// <summary>Its calls of the last one to two intervals.</summary>
    public CallCounts Seen => _current + _previous;

    /// <summary>How much of its weight counts, of 1: it rises while it is newly back.</summary>
    public double Ramp { get; private set; } = 1;

    /// <summary>True when the next call may go there.</summary>
    public bool TakesCall => IsPanic || Phase == AddressPhase.Well || (Phase == AddressPhase.Probing && _probe is null);

    /// <summary>True when the next call should go there, whatever the others have: it is the probe.</summary>
    public bool WantsProbe => Phase == AddressPhase.Probing && _probe is null && !IsPanic;

    public TimeSpan EjectedFor(TimeSpan now) => Phase == AddressPhase.Well ? TimeSpan.Zero : now - _ejectedAt;

    /// <summary>A call goes there, on that channel.</summary>
    public void Taken(PooledChannel channel, TimeSpan now)
    {
        if (WantsProbe) (_probe, _probeSince) = (channel, now);
    }

    /// <summary>A call there is over. True when it tells how an address is that is being probed.</summary>
    public bool Learn(PooledChannel channel, in CallOutcome outcome, TimeSpan took)
    {
        var (isGood, isFailed) = (outcome.Verdict == Verdict.Success, outcome.Drop is DropKind.Failure or DropKind.Timeout);
        if (isGood) (_current, FailuresInARow) = (_current + new CallCounts(1, 0, took.Ticks), 0);
        else if (isFailed) (_current, FailuresInARow) = (_current + new CallCounts(0, 1, 0), FailuresInARow + 1);
        if (Phase != AddressPhase.Probing) return false;

        // With panic any call may go there, and a good one is as good as a probe.
        if (IsPanic) return isGood;
        if (_probe != channel) return false;
        _probe = null;
        return isGood || isFailed;
    }

    /// <summary>It gets no calls from now on, for longer each time.</summary>
    public void Eject(TimeSpan now)
    {
        EjectUntil(now + Duration(), now);
        _times++;
    }

    /// <summary>It gets no calls until its checks are good again, whatever calls showed.</summary>
    public void EjectByCheck(TimeSpan now)
    {
        IsOutByCheck = true;
        EjectUntil(TimeSpan.MaxValue, now);
    }

    /// <summary>A check ended. True when by its checks of late it is to get no calls.</summary>
    public bool Checked(bool isGood, CheckOptions check)
    {
        (_goodChecks, _failedChecks) = isGood ? (_goodChecks + 1, 0) : (0, _failedChecks + 1);
        return IsOutByCheck ? _goodChecks < check.Healthy : _failedChecks >= check.Unhealthy;
    }

    /// <summary>It gets calls again, few at first.</summary>
    public void ComeBack(TimeSpan now)
    {
        (Phase, Why, _probe, IsOutByCheck) = (AddressPhase.Well, "", null, false);
        Forget();
        StartSlowly(now);
    }

    /// <summary>Its part of the calls grows from little to all of it in the time of the slow start.</summary>
    public void StartSlowly(TimeSpan now)
    {
        _backSince = now;
        Advance(now);
    }

    /// <summary>Once a second. True when it is to be probed from now on.</summary>
    public bool Advance(TimeSpan now)
    {
        var sinceBack = _backSince == TimeSpan.MinValue ? TimeSpan.MaxValue : now - _backSince;
        Ramp = sinceBack >= options.SlowStart ? 1 : Math.Max(AddressWeight.Least, sinceBack / options.SlowStart);
        if (Phase == AddressPhase.Well && sinceBack >= options.MaxEjectionTime) _times = 0;

        // One that is not answered says nothing yet; another may say more.
        if (_probe is not null && now - _probeSince >= options.EjectionTime) _probe = null;
        if (Phase != AddressPhase.Ejected || now < _until) return false;
        Phase = AddressPhase.Probing;
        return true;
    }

    /// <summary>An interval is over.</summary>
    public void TurnInterval() => (_previous, _current) = (_current, default);

    private void EjectUntil(TimeSpan until, TimeSpan now)
    {
        if (Phase == AddressPhase.Well) _ejectedAt = now;
        (Phase, _until, _probe, Ramp) = (AddressPhase.Ejected, until, null, 1);
        Forget();
    }

    // What it did before tells nothing of it afterwards.
    private void Forget() => (_current, _previous, FailuresInARow) = (default, default, 0);

    // Up to a fifth is taken off, so that many holders do not probe in step.
    private TimeSpan Duration()
    {
        var doubled = options.EjectionTime * Math.Pow(2, Math.Min(_times, 20));
        return (doubled < options.MaxEjectionTime ? doubled : options.MaxEjectionTime) * (1 - (0.2 * random.NextDouble()));
    }
}
