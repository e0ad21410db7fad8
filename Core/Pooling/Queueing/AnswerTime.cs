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
    private TimeSpan _tooLittle;

    /// <summary>What a call needs. Until enough of them were answered to tell, twice what turned out to be too little for one; zero at first.</summary>
    public TimeSpan Needed => _answered < LeastAnswered ? _tooLittle * 2 : TimeSpan.FromTicks((long)(_mean + (Deviations * _deviation)));

    /// <summary>
    /// A call timed out that the upstream had for so long. In an overload from the start the first calls sent may all have been late already: without this,
    /// nobody would ever be answered, and nothing learnt.
    /// </summary>
    public void Unanswered(TimeSpan given)
    {
        if (given > _tooLittle) _tooLittle = given;
    }

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
