using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Tests.Limits.Laws.Adaptive;

/// <summary>
/// The adaptive law in front of an upstream with slots and a line, first come first served: epoch by epoch, the response times drawn by seed. Calls in flight
/// above the slots queue; by Little's law each waits (calls / slots - 1) mean service times.
/// </summary>
internal sealed class LawInAModel
{
    private const double Sigma = .5;

    private readonly ILimitLaw _law = LimitLaws.Create("adaptive");
    private readonly Random _random;
    private LimitDecision _decision;
    private TimeSpan _at;

    public LawInAModel(int seed, LimitMemory? remembered = null)
    {
        _random = new Random(seed);
        _decision = _law.Start(Bounds, remembered);
    }

    public LimitBounds Bounds { get; set; } = new(4, 4000, 20);

    public double Slots { get; set; } = 100;

    /// <summary>What calls beyond the slots cost the upstream: with 1, twice as many calls as slots halve its throughput.</summary>
    public double Strain { get; set; }

    /// <summary>Mean service time of each class in seconds, with its share of the calls.</summary>
    public (double Seconds, double Share)[] Classes { get; set; } = [(.05, 1)];

    /// <summary>Calls per second that come, in multiples of what all 100 slots can do.</summary>
    public double Load { get; set; } = 1.5;

    /// <summary>Permits that streams hold.</summary>
    public double Streams { get; set; }

    /// <summary>Changes an epoch before the law sees it: faults.</summary>
    public Func<EpochSample, EpochSample> Fault { get; set; } = epoch => epoch;

    public double Limit => _decision.Limit;

    public LimitReason Reason => _decision.Reason;

    public TimeSpan Baseline => _decision.Baseline;

    public LimitMemory Memory => _law.Remember(_decision);

    private double Service => Classes.Sum(c => c.Seconds * c.Share) / Classes.Sum(c => c.Share);

    /// <summary>So many epochs; the limits after each.</summary>
    public List<double> Run(int epochs) => [.. Enumerable.Range(0, epochs).Select(_ => Step())];

    /// <summary>Epochs until the limit is where it should be; fails after <paramref name="most"/>.</summary>
    public int Until(Func<double, bool> isThere, int most)
    {
        for (var epoch = 1; epoch <= most; epoch++)
        {
            if (isThere(Step())) return epoch;
        }

        Assert.Fail($"after {most} epochs the limit is {Limit:0.0} ({Reason})");
        return most;
    }

    private double Step()
    {
        var span = TimeSpan.FromMilliseconds(500);
        _at += _decision.Plan.Settle is null ? span : span * 1.5;
        _decision = _law.Next(_decision, Fault(Epoch(span)), Bounds);
        return Limit;
    }

    private EpochSample Epoch(TimeSpan span)
    {
        var (calls, slots, asked) = (Math.Round(Limit) - Streams, Slots - Streams, Load * 100);
        var isBound = asked >= Math.Min(calls, slots);
        var inFlight = isBound ? calls : asked;
        slots /= 1 + (Strain * Math.Max(0, (inFlight / slots) - 1));
        var rate = Math.Min(Math.Min(inFlight, slots), asked) / Service;
        var good = (long)(rate * span.TotalSeconds);
        return new EpochSample
        {
            Span = span,
            At = _at,
            Limit = Math.Round(Limit),
            GoodRate = rate,
            AskedRate = asked / Service,
            InFlight = inFlight + Streams,
            Streams = Streams,
            Permits = (long)Math.Round(Limit),
            Holders = 8,
            PeakInFlight = (int)(inFlight + Streams),
            BoundShare = isBound ? 1 : 0,
            Waiting = isBound ? 100 : 0,
            Good = good,
            ResponseTimes = Times(good, Math.Max(0, (inFlight / slots) - 1) * Service),
        };
    }

    private ResponseTimeHistogram?[] Times(long count, double wait)
    {
        var classes = new ResponseTimeHistogram?[MethodClasses.Count];
        for (var call = 0; call < count; call++)
        {
            var method = Drawn();
            (classes[method] ??= new ResponseTimeHistogram()).Record(TimeSpan.FromSeconds(wait + (Classes[method].Seconds * Lognormal())));
        }

        return classes;
    }

    private int Drawn()
    {
        var at = _random.NextDouble() * Classes.Sum(c => c.Share);
        for (var method = 0; method < Classes.Length - 1; method++)
        {
            if ((at -= Classes[method].Share) < 0) return method;
        }

        return Classes.Length - 1;
    }

    private double Lognormal()
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        return Math.Exp((Sigma * normal) - (Sigma * Sigma / 2));
    }
}
