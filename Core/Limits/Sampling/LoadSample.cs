namespace OrleansPool.Core.Limits.Sampling;

/// <summary>What one holder saw of an endpoint during a span of time. Samples of one holder follow each other without a gap unless one got lost. Not thread-safe.</summary>
public sealed class LoadSample
{
    /// <summary>The time it covers.</summary>
    public TimeSpan Span { get; set; }

    /// <summary>Calls that ended well.</summary>
    public long Good { get; set; }

    /// <summary>Calls dropped by their deadline at the upstream.</summary>
    public long Timeouts { get; set; }

    /// <summary>Time that the upstream had the calls that timed out, added up, in seconds: a call that waited long in the pool may have left it very little.</summary>
    public double TimeoutSeconds { get; set; }

    /// <summary>Calls that the upstream pushed back.</summary>
    public long PushBacks { get; set; }

    /// <summary>Calls that broke: resets, lost connections.</summary>
    public long Failures { get; set; }

    /// <summary>Calls that say nothing of the load: their callers left, or they were streams.</summary>
    public long Ignored { get; set; }

    /// <summary>Response times of the good calls by <see cref="MethodClasses"/>; null where there were none.</summary>
    public ResponseTimeHistogram?[] ResponseTimes { get; } = new ResponseTimeHistogram?[MethodClasses.Count];

    /// <summary>Integral of calls in flight over time, in call-seconds; divided by the span it is the mean. Streams included.</summary>
    public double InFlightSeconds { get; set; }

    /// <summary>The part of <see cref="InFlightSeconds"/> that came from streams: they hold permits but never feed response time.</summary>
    public double StreamSeconds { get; set; }

    /// <summary>Most calls in flight at once.</summary>
    public int PeakInFlight { get; set; }

    /// <summary>Time during which the holder's permits were used up, in seconds.</summary>
    public double BoundSeconds { get; set; }

    /// <summary>Integral of waiting calls over time, in call-seconds.</summary>
    public double WaitingSeconds { get; set; }

    /// <summary>Calls that got a permit during the span after having waited for it.</summary>
    public long Waited { get; set; }

    /// <summary>Calls refused during the span because the queue was full or the wait too long.</summary>
    public long Refused { get; set; }

    /// <summary>Calls that asked for a permit here during the span, whether they got one, waited, or were refused; those passed on to another holder excepted.</summary>
    public long Asked { get; set; }

    /// <summary>Age of the oldest call in flight, streams excepted, at the end of the span.</summary>
    public TimeSpan OldestOpen { get; set; }

    /// <summary>Permits that the holder had at the end of the span.</summary>
    public int Permits { get; set; }

    /// <summary>How long the holder's last request to the authority was under way until its reply was there; zero when it has had none.</summary>
    public TimeSpan RoundTrip { get; set; }

    /// <summary>Adds the sample of the same holder that came next.</summary>
    public void Append(LoadSample next)
    {
        Span += next.Span;
        (Good, Timeouts, PushBacks, Failures, Ignored) = (Good + next.Good, Timeouts + next.Timeouts, PushBacks + next.PushBacks, Failures + next.Failures, Ignored + next.Ignored);
        TimeoutSeconds += next.TimeoutSeconds;
        (InFlightSeconds, StreamSeconds) = (InFlightSeconds + next.InFlightSeconds, StreamSeconds + next.StreamSeconds);
        (BoundSeconds, WaitingSeconds) = (BoundSeconds + next.BoundSeconds, WaitingSeconds + next.WaitingSeconds);
        (Waited, Refused, Asked) = (Waited + next.Waited, Refused + next.Refused, Asked + next.Asked);
        PeakInFlight = Math.Max(PeakInFlight, next.PeakInFlight);
        (OldestOpen, Permits, RoundTrip) = (next.OldestOpen, next.Permits, next.RoundTrip);
        AddResponseTimes(next.ResponseTimes, ResponseTimes);
    }

    /// <summary>Adds response times by class to others.</summary>
    public static void AddResponseTimes(IReadOnlyList<ResponseTimeHistogram?> from, ResponseTimeHistogram?[] to)
    {
        for (var method = 0; method < MethodClasses.Count; method++)
        {
            if (from[method] is { } histogram) (to[method] ??= new ResponseTimeHistogram()).Add(histogram);
        }
    }
}
