namespace OrleansPool.Core.Pooling;

/// <summary>Waiting calls, first come first served. Anyone may leave from the middle at once. Guarded by the pool's lock.</summary>
internal sealed class WaitQueue
{
    private Waiter? _last;

    public int Count { get; private set; }

    public bool IsEmpty => Count == 0;

    public Waiter? First { get; private set; }

    public void Add(Waiter waiter)
    {
        waiter.Previous = _last;
        if (_last is null) First = waiter;
        else _last.Next = waiter;
        _last = waiter;
        waiter.IsQueued = true;
        Count++;
    }

    public void Remove(Waiter waiter)
    {
        if (waiter.Previous is null) First = waiter.Next;
        else waiter.Previous.Next = waiter.Next;
        if (waiter.Next is null) _last = waiter.Previous;
        else waiter.Next.Previous = waiter.Previous;
        waiter.Previous = waiter.Next = null;
        waiter.IsQueued = false;
        Count--;
    }
}
