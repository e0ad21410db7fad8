namespace OrleansPool.Core.Pooling.Queueing;

/// <summary>The waiting calls of one caller, first come first served.</summary>
internal sealed class CallerLane<TWaiter>(string caller, int weight)
    where TWaiter : class, IQueued<TWaiter>
{
    // Turns are sums of 1 / weight.
    private const double Rounding = 1e-6;

    private TWaiter? _last;

    public string Caller { get; } = caller;

    public int Weight { get; set; } = weight;

    public TWaiter? First { get; private set; }

    public TWaiter? Last => _last;

    public int Count { get; private set; }

    public IEnumerable<TWaiter> All
    {
        get
        {
            for (var waiter = First; waiter is not null; waiter = waiter.Link.Next) yield return waiter;
        }
    }

    /// <summary>Virtual time at which its first waiter is to be served.</summary>
    public double Turn { get; set; }

    /// <summary>Tells apart lanes whose turn is the same: the one that began to wait first.</summary>
    public long Order { get; set; }

    /// <summary>Place in the heap, kept by it; -1 when not in it.</summary>
    public int HeapIndex { get; set; } = -1;

    public void Add(TWaiter waiter)
    {
        ref var link = ref waiter.Link;
        (link.Lane, link.Previous) = (this, _last);
        if (_last is null) First = waiter;
        else _last.Link.Next = waiter;
        _last = waiter;
        Count++;
    }

    public void Remove(TWaiter waiter)
    {
        ref var link = ref waiter.Link;
        if (link.Previous is null) First = link.Next;
        else link.Previous.Link.Next = link.Next;
        if (link.Next is null) _last = link.Previous;
        else link.Next.Link.Previous = link.Previous;
        link = default;
        Count--;
    }

    /// <summary>How many of those waiting here have their turn before <paramref name="turn"/>.</summary>
    public int TurnsBefore(double turn) => (int)Math.Clamp(Math.Ceiling(((turn - Turn) * Weight) - Rounding), 0, Count);

    public bool ComesBefore(CallerLane<TWaiter> other) => Turn < other.Turn || (Turn == other.Turn && Order < other.Order);
}
