namespace OrleansPool.Core.Pooling.Queueing;

/// <summary>
/// How much time a call needs at the upstream to be answered most likely: mean and mean deviation of the response times, by exponential averages, and the
/// mean plus four deviations (Jacobson and Karels 1988, as in RFC 6298). A call that has waited until less is left is not worth its permit: it would be late,
/// and in a long overload, when all have waited about as long, every call would be. Not thread-safe: in a pool its lock guards it.
/// </summary>
public sealed class AnswerTime
{
    // The last hundred calls or so: one slow call moves it by little, a slower upstream within a second at any rate that fills a queue.
    private const double Memory = 1.0 / 64;
    private const int LeastAnswered = 16;
    private const int Deviations = 4;

    private double _mean;
    private double _deviation;
    private long _answered;

    /// <summary>What a call needs; zero until enough of them were answered to tell.</summary>
    public TimeSpan Needed => _answered < LeastAnswered ? TimeSpan.Zero : TimeSpan.FromTicks((long)(_mean + (Deviations * _deviation)));

    /// <summary>The upstream answered a call.</summary>
    public void Answered(TimeSpan responseTime)
    {
        // At first the plain average, so that the first call weighs no more than others.
        var weight = Math.Max(Memory, 1.0 / ++_answered);
        var error = responseTime.Ticks - _mean;
        _mean += weight * error;
        _deviation += weight * (Math.Abs(error) - _deviation);
    }
}
