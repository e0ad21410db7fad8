namespace OrleansPool.Core.Limits.Laws;

/// <summary>
/// Gradient2Limit of Netflix concurrency-limits: the gradient is 1.5 times the long average of response time (exponential, 600 windows) over the last
/// window's, held to 0.5 to 1; the limit goes a fifth of the way to limit x gradient + 4. As published it heeds no drops, and under long overload the long average
/// follows the queue, so that the limit drifts up: for comparison, and for those who know it.
/// </summary>
public sealed class Gradient2Law : ILimitLaw
{
    private const double Tolerance = 1.5;
    private const double Smoothing = .2;
    private const double QueueSize = 4;
    private const int LongWindows = 600;
    private const int WarmUp = 10;

    /// <inheritdoc />
    public string Name => "gradient2";

    /// <inheritdoc />
    public LimitDecision Start(in LimitBounds bounds, LimitMemory? remembered) => PublishedLaw.Start(new LongAverage(0, 0), bounds, remembered);

    /// <inheritdoc />
    public LimitDecision Next(LimitDecision last, EpochSample epoch, in LimitBounds bounds)
    {
        var shortTime = epoch.MeanSeconds();
        if (PublishedLaw.IsTooFew(epoch) || shortTime <= 0) return last with { Reason = LimitReason.TooFewSamples };

        var average = ((LongAverage)last.State).With(shortTime);
        // A long average far above the present is left over from a bad time: it comes down faster than by its own pace.
        if (average.Seconds / shortTime > 2) average = average with { Seconds = average.Seconds * .95 };
        last = last with { State = average, Baseline = TimeSpan.FromSeconds(average.Seconds) };
        if (epoch.PeakInFlight < last.Limit / 2) return last with { Reason = LimitReason.NotBound };

        var gradient = Math.Clamp(Tolerance * average.Seconds / shortTime, .5, 1);
        var target = (last.Limit * gradient) + QueueSize;
        return last.At((last.Limit * (1 - Smoothing)) + (target * Smoothing), gradient < 1 ? LimitReason.Queueing : LimitReason.Grow, bounds);
    }

    /// <inheritdoc />
    public LimitMemory Remember(LimitDecision last) => PublishedLaw.Remember(last);

    private sealed record LongAverage(double Seconds, int Windows)
    {
        public LongAverage With(double seconds)
        {
            var weight = Windows < WarmUp ? 1.0 / (Windows + 1) : 2.0 / (LongWindows + 1);
            return new LongAverage(Seconds + ((seconds - Seconds) * weight), Windows + 1);
        }
    }
}
