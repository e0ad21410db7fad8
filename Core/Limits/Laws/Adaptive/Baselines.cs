using System.Collections.Immutable;
using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Limits.Laws.Adaptive;

/// <summary>
/// Response time without queueing, by method class: a low quantile, because queueing in front of common slots moves all quantiles by about the same
/// time, and the low ones are measured best and change least with the mix. Comparing each class with itself makes a change of the mix no slower upstream. Immutable.
/// </summary>
internal sealed record Baselines(ImmutableArray<ClassBaseline> Classes)
{
    // A lower response time is taken over at once when it is that many standard errors below; less is noise, and a baseline that follows noise down is too low.
    private const double Significant = 3;

    // After a test of the baseline, the past counts at most so many times as much as the test.
    private const double MostPast = 2;

    public static Baselines None { get; } = new(ImmutableArray.Create(new ClassBaseline[MethodClasses.Count]));

    public static Baselines From(LimitMemory memory) => memory.Baselines.Count != MethodClasses.Count
        ? None
        : new Baselines([.. memory.Baselines.Select(time => new ClassBaseline(time, time > 0 ? 1 : 0))]);

    /// <summary>Microseconds by class, for the memory.</summary>
    public IReadOnlyList<double> Times => [.. Classes.Select(known => known.Time)];

    /// <summary>The queue as all classes together see it, weighted by how well each can tell; null when no class with a baseline had enough calls.</summary>
    public QueueEstimate? Estimate(EpochSample epoch)
    {
        var timedOut = TimedOut(epoch);
        var (weights, queues, noise, baselineNoise) = (0.0, 0.0, 0.0, 0.0);
        for (var method = 0; method < Classes.Length; method++)
        {
            if (LowTime.Of(epoch.ResponseTimes[method], timedOut) is not { } low || !Classes[method].IsKnown) continue;
            var (error, baselineError) = (Square(low.Error), Square(low.ErrorOf(Classes[method].Samples)));
            var weight = 1 / (error + baselineError);
            weights += weight;
            queues += weight * (low.Time - Classes[method].Time);
            noise += Square(weight) * error;
            baselineNoise += Square(weight) * baselineError;
        }

        return weights == 0 ? null : new QueueEstimate(queues / weights, epoch.MeanSeconds() * 1e6, Math.Sqrt(noise) / weights, Math.Sqrt(baselineNoise) / weights);
    }

    /// <summary>The mean response time without queueing, for the classes as the epoch had them; null when it cannot be told.</summary>
    public TimeSpan? Mean(EpochSample epoch) =>
        Estimate(epoch) is { } estimate ? TimeSpan.FromMicroseconds(Math.Max(0, estimate.Mean - Math.Max(0, estimate.Queue))) : null;

    /// <summary>After an epoch without queueing: each class moves towards what was seen, up or down, by the weight of the calls; at first by a third at least.</summary>
    public Baselines Learn(EpochSample epoch, bool isCold) => Each(epoch, (known, low) => known.Towards(low, isCold ? MostPast : double.PositiveInfinity));

    /// <summary>After an epoch without queueing that is to count even if it contradicts all before: as <see cref="Learn"/>, but what differs clearly is replaced.</summary>
    public Baselines Correct(EpochSample epoch) => Each(epoch, (known, low) => IsClearlyOff(known, low) ? low.Fresh() : known.Towards(low, MostPast));

    /// <summary>After an epoch that may have had queueing: down where it was clearly faster, and classes never seen before.</summary>
    public Baselines Lower(EpochSample epoch) => Each(epoch, (known, low) =>
        !known.IsKnown || (low.Time < known.Time && IsClearlyOff(known, low)) ? low.Fresh() : known);

    /// <summary>True when a class is faster here than there.</summary>
    public bool IsBelow(Baselines other) => Classes.Zip(other.Classes).Any(pair => pair.First.Time < pair.Second.Time);

    /// <summary>What was seen takes the place of what was known.</summary>
    public Baselines Replace(EpochSample epoch) => Each(epoch, (_, low) => low.Fresh());

    private static bool IsClearlyOff(ClassBaseline known, LowTime low) =>
        Math.Abs(low.Time - known.Time) > Significant * Math.Sqrt(Square(low.Error) + Square(low.ErrorOf(known.Samples)));

    private static double TimedOut(EpochSample epoch) => epoch.Good == 0 ? 0 : epoch.Timeouts / (double)epoch.Good;

    private static double Square(double value) => value * value;

    private Baselines Each(EpochSample epoch, Func<ClassBaseline, LowTime, ClassBaseline> next)
    {
        var classes = Classes.ToBuilder();
        var timedOut = TimedOut(epoch);
        for (var method = 0; method < classes.Count; method++)
        {
            if (LowTime.Of(epoch.ResponseTimes[method], timedOut) is { } low) classes[method] = next(classes[method], low);
        }

        return new Baselines(classes.ToImmutable());
    }
}
