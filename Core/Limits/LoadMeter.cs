using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Limits;

/// <summary>
/// Measures what a holder sees of its upstream: exact integrals over time, not samples at moments, so that no rhythm of the load hides from it. Told of
/// every change with the time of it; times must not go back. A call costs no allocation. Not thread-safe: in a pool its lock guards it.
/// </summary>
public sealed class LoadMeter
{
    // The rate of arrivals follows a change within about this time: slower than a burst, faster than a lease.
    private static readonly TimeSpan _rateMemory = TimeSpan.FromSeconds(2);

    private readonly OpenCallAges _ages = new();
    private LoadSample _sample = new();
    private TimeSpan _takenAt;
    private TimeSpan _last;
    private TimeSpan _ratedAt;
    private long _arrived;
    private long _acquired;
    private int _waitedAtTake;
    private double _rate;

    private long _inFlightTicks;
    private long _streamTicks;
    private long _waitingTicks;
    private long _boundTicks;

    /// <summary>Begins to measure with <paramref name="permits"/> permits.</summary>
    public LoadMeter(int permits, TimeSpan now) => (Permits, _takenAt, _last, _ratedAt) = (permits, now, now, now);

    /// <summary>Permits against which it counts the time during which they were used up.</summary>
    public int Permits { get; private set; }

    /// <summary>Calls in flight, streams included.</summary>
    public int InFlight { get; private set; }

    /// <summary>Streams in flight.</summary>
    public int Streams { get; private set; }

    /// <summary>Calls that wait for a permit or a channel.</summary>
    public int Waiting { get; private set; }

    /// <summary>Age of the oldest call in flight, streams excepted; see <see cref="OpenCallAges"/> for how exact.</summary>
    public TimeSpan OldestOpen(TimeSpan now) => _ages.Oldest(now);

    /// <summary>The number of permits changed.</summary>
    public void SetPermits(int permits, TimeSpan now)
    {
        Advance(now);
        Permits = permits;
    }

    /// <summary>A call came, whatever becomes of it.</summary>
    public void Arrived() => _arrived++;

    /// <summary>A call was refused because the queue was full or its wait too long.</summary>
    public void Refused() => _sample.Refused++;

    /// <summary>A call that had waited got its permit.</summary>
    public void Waited() => _sample.Waited++;

    /// <summary>The number of waiting calls changed.</summary>
    public void SetWaiting(int waiting, TimeSpan now)
    {
        Advance(now);
        Waiting = waiting;
    }

    /// <summary>A call got its permit.</summary>
    public void Acquired(TimeSpan now)
    {
        Advance(now);
        InFlight++;
        _acquired++;
        if (InFlight > _sample.PeakInFlight) _sample.PeakInFlight = InFlight;
        _ages.Add(now);
    }

    /// <summary>The call that got its permit at <paramref name="since"/> turned out to be a stream: from now on it counts as one, and says nothing of response times.</summary>
    public void BecameStream(TimeSpan since, TimeSpan now)
    {
        Advance(now);
        Streams++;
        _ages.Remove(since, now);
    }

    /// <summary>The call that got its permit at <paramref name="since"/> is over.</summary>
    public void Settled(in CallOutcome outcome, TimeSpan since, TimeSpan now)
    {
        Advance(now);
        InFlight--;
        if (outcome.IsStream) Streams--;
        else _ages.Remove(since, now);
        if (outcome.Verdict == Verdict.Success) CountGood(outcome.MethodClass, now - since);
        else Count(outcome.Verdict, outcome.Drop, now - since);
    }

    /// <summary>Calls that arrived per second lately, refused ones included.</summary>
    public double Rate(TimeSpan now)
    {
        var span = now - _ratedAt;
        if (span <= TimeSpan.Zero) return _rate;
        _rate += (1 - Math.Exp(-(span / _rateMemory))) * ((_arrived / span.TotalSeconds) - _rate);
        (_arrived, _ratedAt) = (0, now);
        return _rate;
    }

    /// <summary>What was seen since the last time, which begins anew. The sample is the caller's.</summary>
    public LoadSample Take(TimeSpan now)
    {
        Advance(now);
        var taken = _sample;
        taken.Span = now - _takenAt;
        taken.InFlightSeconds = Seconds(_inFlightTicks);
        taken.StreamSeconds = Seconds(_streamTicks);
        taken.WaitingSeconds = Seconds(_waitingTicks);
        taken.BoundSeconds = Seconds(_boundTicks);
        // Who asked has a permit, was refused, or waits. Callers who left while they waited are missing: they need nothing any more.
        taken.Asked = Math.Max(0, _acquired + taken.Refused + Waiting - _waitedAtTake);
        (_acquired, _waitedAtTake) = (0, Waiting);
        taken.OldestOpen = OldestOpen(now);
        taken.Permits = Permits;
        _sample = new LoadSample { PeakInFlight = InFlight };
        _takenAt = now;
        (_inFlightTicks, _streamTicks, _waitingTicks, _boundTicks) = (0, 0, 0, 0);
        return taken;
    }

    private static double Seconds(long ticks) => ticks / (double)TimeSpan.TicksPerSecond;

    private void Advance(TimeSpan now)
    {
        var ticks = now.Ticks - _last.Ticks;
        if (ticks <= 0) return;
        _last = now;
        _inFlightTicks += ticks * InFlight;
        _streamTicks += ticks * Streams;
        _waitingTicks += ticks * Waiting;
        if (InFlight >= Permits) _boundTicks += ticks;
    }

    private void CountGood(int methodClass, TimeSpan responseTime)
    {
        _sample.Good++;
        (_sample.ResponseTimes[methodClass] ??= new ResponseTimeHistogram()).Record(responseTime);
    }

    private void Count(Verdict verdict, DropKind drop, TimeSpan given)
    {
        if (verdict == Verdict.Ignored) _sample.Ignored++;
        else if (drop == DropKind.Timeout) CountTimeout(given);
        else if (drop == DropKind.PushBack) _sample.PushBacks++;
        else _sample.Failures++;
    }

    private void CountTimeout(TimeSpan given)
    {
        _sample.Timeouts++;
        _sample.TimeoutSeconds += given.TotalSeconds;
    }
}
