namespace OrleansPool.Core.Pooling.Queueing;

/// <summary>
/// Waiting calls. Without rules: first come, first served. With rules: weighted fair queueing over callers, and first come, first served within each.
/// <para>
/// Fair queueing goes by a virtual clock (Goyal, Vin and Cheng, Start-time Fair Queuing, 1996): a caller's next turn is 1 / weight after its last one, or
/// now when it had nothing waiting; whoever's turn comes first is served, and the clock moves there. So a caller that waits alone gets everything, a greedy
/// one gets no more than its weight while others wait, and having been away earns nothing. When nobody waits any more, all is forgotten.
/// </para>
/// <para>Joining, leaving from anywhere and serving take O(log callers), O(1) without rules. Not thread-safe: in a pool its lock guards it.</para>
/// </summary>
/// <typeparam name="TWaiter">What waits.</typeparam>
public sealed class FairQueue<TWaiter>
    where TWaiter : class, IQueued<TWaiter>
{
    private readonly LaneHeap<TWaiter> _heap = new();
    private readonly Dictionary<string, CallerLane<TWaiter>> _lanes = new(StringComparer.Ordinal);

    // Everybody when there are no rules; callers beyond the maximum, and those without a name, when there are.
    private readonly CallerLane<TWaiter> _shared = new("", 1);
    private double _clock;
    private long _joined;
    private FairnessRules? _rules;

    /// <summary>An empty queue.</summary>
    /// <param name="rules">How callers share; null for none: first come, first served.</param>
    public FairQueue(FairnessRules? rules = null) => _rules = rules;

    /// <summary>How callers share. New ones hold for the next turns of those who wait, and for where newcomers stand.</summary>
    public FairnessRules? Rules
    {
        set
        {
            _rules = value;
            foreach (var lane in _lanes.Values) lane.Weight = value is null ? 1 : WeightOf(lane.Caller);
        }
    }

    /// <summary>Waiters in all.</summary>
    public int Count { get; private set; }

    /// <summary>True when nobody waits.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>Who is to be served next; null when nobody waits.</summary>
    public TWaiter? First => _heap.Top?.First;

    /// <summary>Who is to go first when not all can stay: the last of the caller that has the most waiting for its weight; null when nobody waits.</summary>
    public TWaiter? Last => IsEmpty ? null : Longest.Last;

    /// <summary>All that wait, caller by caller, those of one caller in their order.</summary>
    public IEnumerable<TWaiter> All => _heap.All.SelectMany(lane => lane.All);

    /// <summary>When the one that has waited longest began; null when nobody waits. Looks at every caller.</summary>
    public TimeSpan? OldestSince => IsEmpty ? null : _heap.All.Min(lane => lane.First!.Since);

    /// <summary>Joins behind those of the same caller.</summary>
    /// <param name="waiter">Who; in no queue now.</param>
    /// <param name="caller">Whose call it is; null or empty for the unnamed. Without meaning when there are no rules.</param>
    public void Add(TWaiter waiter, string? caller = null)
    {
        var lane = LaneOf(caller);
        lane.Add(waiter);
        Count++;
        if (lane.Count > 1) return;
        lane.Turn = Math.Max(lane.Turn, _clock);
        lane.Order = ++_joined;
        _heap.Add(lane);
    }

    /// <summary>Takes out <see cref="First"/>, to be served: its caller's next turn comes later.</summary>
    /// <exception cref="InvalidOperationException">Nobody waits.</exception>
    public TWaiter TakeFirst()
    {
        var lane = _heap.Top ?? throw new InvalidOperationException("Nobody waits.");
        var waiter = lane.First!;
        _clock = lane.Turn;
        lane.Turn += 1.0 / lane.Weight;
        lane.Remove(waiter);
        Count--;
        if (lane.Count == 0) Leave(lane);
        else _heap.Sink(lane);
        return waiter;
    }

    /// <summary>Leaves unserved, from wherever it stands.</summary>
    public void Remove(TWaiter waiter)
    {
        var lane = waiter.Link.Lane ?? throw new ArgumentException("It does not wait.", nameof(waiter));
        lane.Remove(waiter);
        Count--;
        if (lane.Count == 0) Leave(lane);
    }

    /// <summary>
    /// How many would be served until a newcomer of this caller is, itself included, if nobody else came. Exact but for callers whose turn is the same.
    /// With rules it looks at every caller.
    /// </summary>
    public int PositionOf(string? caller)
    {
        if (_rules is null) return Count + 1;
        var own = Known(caller);
        var turn = own is null ? _clock : Math.Max(own.Turn, _clock) + (own.Count / (double)own.Weight);
        var before = own?.Count ?? 0;
        foreach (var lane in _heap.All)
        {
            if (lane != own) before += lane.TurnsBefore(turn);
        }

        return before + 1;
    }

    /// <summary>
    /// Who is to go when the queue is full and a call of <paramref name="caller"/> comes: the last of the caller that has the most waiting for its weight, so
    /// that a greedy caller cannot keep others out by filling the queue. Null when that is the newcomer's own caller, or there are no rules: then the newcomer goes.
    /// </summary>
    public TWaiter? Displaced(string? caller)
    {
        if (_rules is null || IsEmpty) return null;
        var lane = Known(caller);
        var own = ((lane?.Count ?? 0) + 1.0) / (lane?.Weight ?? WeightOf(caller));
        var longest = Longest;
        return longest.Count / (double)longest.Weight > own ? longest.Last : null;
    }

    private CallerLane<TWaiter> Longest => _heap.All.MaxBy(lane => lane.Count / (double)lane.Weight)!;

    private int WeightOf(string? caller) => caller is null ? 1 : _rules!.Weights.GetValueOrDefault(caller, 1);

    private CallerLane<TWaiter>? Known(string? caller) => string.IsNullOrEmpty(caller) ? _shared : _lanes.GetValueOrDefault(caller);

    private CallerLane<TWaiter> LaneOf(string? caller)
    {
        if (_rules is null || string.IsNullOrEmpty(caller)) return _shared;
        if (_lanes.TryGetValue(caller, out var lane)) return lane;
        if (_lanes.Count >= _rules.MaxCallers) ForgetIdle();
        if (_lanes.Count >= _rules.MaxCallers) return _shared;
        return _lanes[caller] = new CallerLane<TWaiter>(caller, WeightOf(caller));
    }

    private void Leave(CallerLane<TWaiter> lane)
    {
        _heap.Remove(lane);
        if (IsEmpty) Forget();
    }

    // Whoever is away and has no turn to wait for is as good as new.
    private void ForgetIdle()
    {
        foreach (var lane in _lanes.Values.Where(lane => lane.Count == 0 && lane.Turn <= _clock).ToList()) _lanes.Remove(lane.Caller);
    }

    private void Forget()
    {
        _clock = _shared.Turn = 0;
        _lanes.Clear();
    }
}
