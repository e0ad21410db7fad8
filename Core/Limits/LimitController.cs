using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Limits;

/// <summary>
/// Gathers the holders' samples into epochs and lets the law decide at the end of each. Samples may have any span, come late or not at all. Time comes
/// with every call, so that a simulation and a silo run the same code. Not thread-safe.
/// </summary>
public sealed class LimitController
{
    /// <summary>No epoch lasts longer, however few calls there were.</summary>
    public static readonly TimeSpan LongestEpoch = TimeSpan.FromSeconds(5);

    private const int KeptChanges = 100;

    // Timers fire late and reports travel: an epoch of two reports must not wait for a third because of that.
    private const double SpanTolerance = .9;

    // The epoch closes when the holders heard carry this share of the calls; idle ones report less often and change little.
    private const double CoverageNeeded = .9;

    private readonly TimeSpan _startedAt;
    private readonly Dictionary<string, HolderWindow> _windows = [];
    private readonly Queue<LimitChange> _changes = new();
    private readonly Dictionary<(LimitReason Reason, bool IsUp), long> _changeCounts = [];
    private readonly TimeSpan? _settleAtStart;
    private ILimitLaw _law;
    private LimitBounds _bounds;
    private LimitMode _mode;
    private LimitDecision _decision;
    private TimeSpan _epochStartedAt;

    /// <summary>Begins where <paramref name="remembered"/> left off, or at the bounds' initial limit.</summary>
    /// <param name="law">What finds the limit.</param>
    /// <param name="bounds">Between what it may move.</param>
    /// <param name="now">The time.</param>
    /// <param name="remembered">What an earlier process left; null at the very first start.</param>
    /// <param name="mode">Whether the limit is enforced; when it is not, the law is shown what it would have seen (<see cref="Observation"/>).</param>
    public LimitController(ILimitLaw law, LimitBounds bounds, TimeSpan now, LimitMemory? remembered = null, LimitMode mode = LimitMode.Enforce)
    {
        (_law, _bounds, _mode, _startedAt, _epochStartedAt) = (law, bounds, mode, now, now);
        _decision = law.Start(bounds, remembered);
        _settleAtStart = _decision.Plan.Settle;
    }

    /// <summary>Permits for all holders together.</summary>
    public int Limit => Math.Clamp((int)Math.Round(_decision.Limit), _bounds.Floor, _bounds.Ceiling);

    /// <summary>Why the limit is what it is: the reason of the last decision, also of one that left it as it was.</summary>
    public LimitReason Reason => _decision.Reason;

    /// <summary>True while the law waits for what a step of the limit does: the sooner holders report, the sooner it knows.</summary>
    public bool IsWatching => _decision.Plan.Settle is not null;

    /// <summary>The last 100 changes, oldest first.</summary>
    public IReadOnlyCollection<LimitChange> Changes => _changes;

    /// <summary>All changes, by reason and direction.</summary>
    public IEnumerable<LimitChangeCount> ChangeCounts => _changeCounts.Select(count => new LimitChangeCount(count.Key.Reason, count.Key.IsUp, count.Value));

    /// <summary>What finds the limit.</summary>
    public ILimitLaw Law => _law;

    /// <summary>The last epoch that was closed; null before the first.</summary>
    public EpochSample? LastEpoch { get; private set; }

    /// <summary>Response time without queueing, as the law knows it; zero where it knows none.</summary>
    public TimeSpan Baseline => _decision.Baseline;

    /// <summary>Takes in what a holder saw up to now. Samples of one holder in the order in which they were taken; the authority drops what is overtaken.</summary>
    public void Report(string holder, LoadSample sample, TimeSpan now)
    {
        if (!_windows.TryGetValue(holder, out var window)) _windows[holder] = window = new HolderWindow(_settleAtStart);
        window.Report(sample, now);
    }

    /// <summary>Forgets a holder that is gone, so that no epoch waits for it.</summary>
    public void Forget(string holder) => _windows.Remove(holder);

    /// <summary>Closes the epoch when it is due and lets the law decide. True when the limit changed.</summary>
    public bool Advance(TimeSpan now)
    {
        if (!IsDue(now)) return false;
        LastEpoch = Close(now);
        var before = Limit;
        var next = _law.Next(_decision, LastEpoch, _bounds);
        _decision = _mode == LimitMode.Observe ? Observation.Unheeded(_decision, next, LastEpoch) : next;
        foreach (var window in _windows.Values) window.Begin(_decision.Plan.Settle);
        return Note(before, LastEpoch, now);
    }

    /// <summary>
    /// Goes by these from now on. The limit stays what it is, as far as the bounds allow; another law begins there, and with the baseline of the one before, where
    /// both know such a thing.
    /// </summary>
    public void Change(ILimitLaw law, LimitBounds bounds, LimitMode mode, TimeSpan now)
    {
        var before = Limit;
        var next = law == _law ? _decision : law.Start(bounds, Remember());
        (_law, _bounds, _mode) = (law, bounds, mode);
        _decision = next with { Limit = Math.Clamp(next.Limit, bounds.Floor, bounds.Ceiling) };
        if (Limit != before) _decision = _decision with { Reason = LimitReason.Configured };
        Note(before, epoch: null, now);
    }

    /// <summary>What is worth keeping over a restart.</summary>
    public LimitMemory Remember() => _law.Remember(_decision);

    private bool Note(int before, EpochSample? epoch, TimeSpan now)
    {
        if (Limit == before) return false;
        var kind = (_decision.Reason, Limit > before);
        _changeCounts[kind] = _changeCounts.GetValueOrDefault(kind) + 1;
        if (_changes.Count == KeptChanges) _changes.Dequeue();
        _changes.Enqueue(new LimitChange(now, before, Limit, _decision.Reason, epoch, Baseline));
        return true;
    }

    private bool IsDue(TimeSpan now)
    {
        var open = _windows.Values.Where(window => window.HasReported).Select(window => window.Open).ToList();
        if (open.Count == 0) return false;
        if (now - _epochStartedAt >= LongestEpoch) return true;
        return open.Max(sample => sample.Span) >= _decision.Plan.Shortest * SpanTolerance && open.Sum(Ended) >= _decision.Plan.Samples && IsCovered(now);
    }

    private static long Ended(LoadSample sample) => sample.Good + sample.Timeouts + sample.PushBacks + sample.Failures;

    private bool IsCovered(TimeSpan now)
    {
        var (heard, all) = (0.0, 0.0);
        foreach (var window in _windows.Values.Where(window => !window.IsSilent(now)))
        {
            all += window.Calls;
            if (window.HasReported) heard += window.Calls;
        }

        return heard >= all * CoverageNeeded;
    }

    private EpochSample Close(TimeSpan now)
    {
        var epoch = EpochAggregate.Of([.. _windows.Values.Where(window => window.HasReported || !window.IsSilent(now))]) with { At = now - _startedAt, Limit = Limit };
        _epochStartedAt = now;
        return _mode == LimitMode.Observe ? Observation.AsIfEnforced(epoch) : epoch;
    }
}
