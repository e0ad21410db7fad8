namespace OrleansPool.Core.Pooling;

/// <summary>
/// Numbers the leases of one channel so that each is given back exactly once, without an object per lease. A slot's ticket is odd while it is
/// leased and moves on with every lease and return: a stale or second return holds a ticket that no longer fits. Guarded by the pool's lock.
/// </summary>
internal sealed class LeaseSlots
{
    private uint[] _tickets = new uint[4];
    private bool[] _streams = new bool[4];
    private int[] _free = [3, 2, 1, 0];
    private int _freeCount = 4;

    public (int Slot, uint Ticket) Take()
    {
        if (_freeCount == 0) Grow();
        var slot = _free[--_freeCount];
        return (slot, ++_tickets[slot]);
    }

    public bool TryReturn(int slot, uint ticket, out bool wasStream)
    {
        wasStream = false;
        if (_tickets[slot] != ticket) return false;
        (wasStream, _streams[slot]) = (_streams[slot], false);
        _tickets[slot]++;
        _free[_freeCount++] = slot;
        return true;
    }

    /// <summary>The lease is a stream's. False when that was known, or the lease is no longer out.</summary>
    public bool TryMarkStream(int slot, uint ticket)
    {
        if (_tickets[slot] != ticket || _streams[slot]) return false;
        return _streams[slot] = true;
    }

    private void Grow()
    {
        var size = _tickets.Length;
        Array.Resize(ref _tickets, size * 2);
        Array.Resize(ref _streams, size * 2);
        _free = new int[size * 2];
        for (var slot = (size * 2) - 1; slot >= size; slot--) _free[_freeCount++] = slot;
    }
}
