using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Limits;

/// <summary>
/// Adds the windows of all holders up to one sample. Their spans differ and overlap only roughly, so rates and means are taken from each window's own
/// span and then added; counts and response times are added as they are.
/// </summary>
internal static class EpochAggregate
{
    /// <summary>The sum; a window that has told nothing yet stands in with the rates of its epoch before.</summary>
    public static EpochSample Of(IReadOnlyCollection<HolderWindow> windows)
    {
        var known = windows.Select(window => window.Known).Where(sample => sample.Span > TimeSpan.Zero).ToList();
        var open = windows.Where(window => window.HasReported).Select(window => window.Open).ToList();
        return new EpochSample
        {
            Span = open.Count == 0 ? TimeSpan.Zero : open.Max(sample => sample.Span),
            At = TimeSpan.Zero,
            Limit = 0,
            GoodRate = known.Sum(sample => PerSecond(sample.Good, sample)),
            InFlight = known.Sum(sample => PerSecond(sample.InFlightSeconds, sample)),
            Permits = known.Sum(sample => (long)sample.Permits),
            Holders = known.Count(sample => sample.InFlightSeconds > 0),
            Streams = known.Sum(sample => PerSecond(sample.StreamSeconds, sample)),
            Waiting = known.Sum(sample => PerSecond(sample.WaitingSeconds, sample)),
            PeakInFlight = known.Sum(sample => sample.PeakInFlight),
            AskedRate = known.Sum(sample => PerSecond(sample.Asked, sample)),
            BoundShare = BoundShare(known),
            Good = open.Sum(sample => sample.Good),
            Timeouts = open.Sum(sample => sample.Timeouts),
            TimeoutSeconds = open.Sum(sample => sample.TimeoutSeconds),
            PushBacks = open.Sum(sample => sample.PushBacks),
            Failures = open.Sum(sample => sample.Failures),
            OldestOpen = known.Count == 0 ? TimeSpan.Zero : known.Max(sample => sample.OldestOpen),
            ResponseTimes = ResponseTimes(open),
        };
    }

    private static double PerSecond(double amount, LoadSample sample) => amount / sample.Span.TotalSeconds;

    private static double BoundShare(List<LoadSample> known)
    {
        var permits = known.Sum(sample => (long)sample.Permits);
        return permits == 0 ? 0 : known.Sum(sample => sample.Permits * PerSecond(sample.BoundSeconds, sample)) / permits;
    }

    private static ResponseTimeHistogram?[] ResponseTimes(List<LoadSample> open)
    {
        var sum = new ResponseTimeHistogram?[MethodClasses.Count];
        foreach (var sample in open) LoadSample.AddResponseTimes(sample.ResponseTimes, sum);
        return sum;
    }
}
