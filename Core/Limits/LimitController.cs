using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Limits;

/// <summary>
/// Gathers the holders' samples into epochs and lets the law decide at the end of each. Time comes with every call, so that a simulation and a silo run
/// the same code. Not thread-safe.
/// </summary>
public sealed class LimitController
{
    private const int KeptChanges = 100;
    private static readonly TimeSpan _epoch = TimeSpan.FromMilliseconds(500);

    private readonly ILimitLaw _law;
    private readonly LimitBounds _bounds;
    private readonly TimeSpan _startedAt;
    private readonly Dictionary<string, LoadSample> _samples = [];
    private readonly Queue<LimitChange> _changes = new();
    private LimitDecision _decision;
    private TimeSpan _epochStartedAt;

    /// <summary>Begins where <paramref name="remembered"/> left off, or at the bounds' initial limit.</summary>
    public LimitController(ILimitLaw law, LimitBounds bounds, TimeSpan now, LimitMemory? remembered = null)
    {
        (_law, _bounds, _startedAt, _epochStartedAt) = (law, bounds, now, now);
        _decision = law.Start(bounds, remembered);
    }

    /// <summary>Permits for all holders together.</summary>
    public int Limit => Math.Clamp((int)Math.Round(_decision.Limit), _bounds.Floor, _bounds.Ceiling);

    /// <summary>The last 100 changes, oldest first.</summary>
    public IReadOnlyCollection<LimitChange> Changes => _changes;

    /// <summary>The last epoch that was closed; null before the first.</summary>
    public EpochSample? LastEpoch { get; private set; }

    /// <summary>Response time without queueing, as the law knows it; zero where it knows none.</summary>
    public TimeSpan Baseline => _decision.Baseline;

    /// <summary>Takes in what a holder saw up to now.</summary>
    public void Report(string holder, LoadSample sample, TimeSpan now) => _samples[holder] = sample;

    /// <summary>Forgets a holder that is gone, so that no epoch waits for it.</summary>
    public void Forget(string holder) => _samples.Remove(holder);

    /// <summary>Closes the epoch when it is due and lets the law decide. True when the limit changed.</summary>
    public bool Advance(TimeSpan now)
    {
        if (now - _epochStartedAt < _epoch || _samples.Count == 0) return false;
        LastEpoch = Close(now);
        var before = Limit;
        _decision = _law.Next(_decision, LastEpoch, _bounds);
        if (Limit == before) return false;
        if (_changes.Count == KeptChanges) _changes.Dequeue();
        _changes.Enqueue(new LimitChange(now, before, Limit, _decision.Reason, LastEpoch, Baseline));
        return true;
    }

    /// <summary>What is worth keeping over a restart.</summary>
    public LimitMemory Remember() => _law.Remember(_decision);

    private EpochSample Close(TimeSpan now)
    {
        var span = now - _epochStartedAt;
        _epochStartedAt = now;
        var epoch = new EpochSample
        {
            Span = span,
            At = now - _startedAt,
            Limit = _decision.Limit,
            Good = _samples.Values.Sum(s => s.Good),
            GoodRate = _samples.Values.Sum(s => s.Good / s.Span.TotalSeconds),
            InFlight = _samples.Values.Sum(s => s.InFlightSeconds / s.Span.TotalSeconds),
            ResponseTimes = new ResponseTimeHistogram?[MethodClasses.Count],
        };
        _samples.Clear();
        return epoch;
    }
}
