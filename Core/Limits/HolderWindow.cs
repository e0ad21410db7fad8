using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Limits;

/// <summary>What one holder told in the running epoch. Not thread-safe.</summary>
/// <param name="settle">Set when what it sees at first does not count: of the calls that began with it, only the short ones are over then.</param>
internal sealed class HolderWindow(TimeSpan? settle)
{
    // A holder reports every 250 ms to 1 s; one that was silent for three of its reports, or 1 s, is not waited for.
    // On a slow way that loses messages it asks anew after 4 round trips, and the answer takes another.
    private const int ReportsMissed = 3;
    private const int RoundTripsMissed = 6;
    private static readonly TimeSpan _shortestSilence = TimeSpan.FromSeconds(1);

    private LoadSample _last = new();
    private TimeSpan _reportedAt;
    private TimeSpan _reportPeriod;
    private TimeSpan _roundTrip;
    private TimeSpan? _settle = settle;
    private TimeSpan _cleanFrom = TimeSpan.MinValue;

    /// <summary>What counts, added up; its span is zero when nothing came yet.</summary>
    public LoadSample Open { get; private set; } = new();

    /// <summary>Mean calls in flight by its latest report, whether that counts or not.</summary>
    public double Calls { get; private set; }

    /// <summary>True when it told something that counts.</summary>
    public bool HasReported => Open.Span > TimeSpan.Zero;

    /// <summary>What it is known by: the running epoch's sum, or that of the epoch before when it has told nothing yet.</summary>
    public LoadSample Known => HasReported ? Open : _last;

    /// <summary>Takes in a report. One that reaches back into the time before the holder had the present limit is passed over.</summary>
    public void Report(LoadSample sample, TimeSpan now)
    {
        if (sample.Span <= TimeSpan.Zero) return;
        (_reportedAt, _reportPeriod, _roundTrip) = (now, sample.Span, sample.RoundTrip);
        Calls = sample.InFlightSeconds / sample.Span.TotalSeconds;
        if (_settle is { } time)
        {
            // The reply to this report takes the new limit there; what the holder sees of it comes back as late again.
            _cleanFrom = now + sample.RoundTrip + time;
            _settle = null;
        }
        else if (now - sample.Span >= _cleanFrom)
        {
            Open.Append(sample);
        }
    }

    /// <summary>Begins a new epoch; with <paramref name="settle"/>, only what the holder sees that long after having the new limit counts.</summary>
    public void Begin(TimeSpan? settle)
    {
        if (HasReported) _last = Open;
        (Open, _settle) = (new LoadSample(), settle);
    }

    /// <summary>True when it has not reported for so long that it may be gone.</summary>
    public bool IsSilent(TimeSpan now)
    {
        var silence = Greatest(_reportPeriod * ReportsMissed, _roundTrip * RoundTripsMissed);
        return now - _reportedAt > Greatest(silence, _shortestSilence);
    }

    private static TimeSpan Greatest(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
