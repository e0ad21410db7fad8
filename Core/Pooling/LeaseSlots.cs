using OrleansPool.Core.Model;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// Numbers the leases of one channel so that each is given back exactly once, without an object per lease. A slot's ticket is odd while it is
/// leased and moves on with every lease and return: a stale or second return holds a ticket that no longer fits. Guarded by the pool's lock.
/// </summary>
internal sealed class LeaseSlots
{
    private uint[] _tickets = new uint[4];
    private bool[] _streams = new bool[4];
    private bool[] _told = new bool[4];
    private TimeSpan[] _since = new TimeSpan[4];
    private CallRequest?[] _requests = new CallRequest?[4];
    private int[] _free = [3, 2, 1, 0];
    private int _freeCount = 4;

    public (int Slot, uint Ticket) Take(TimeSpan now, CallRequest? request)
    {
        if (_freeCount == 0) Grow();
        var slot = _free[--_freeCount];
        (_since[slot], _requests[slot], _told[slot]) = (now, request, false);
        return (slot, ++_tickets[slot]);
    }

    public bool TryReturn(int slot, uint ticket, out bool wasStream)
    {
        wasStream = false;
        if (_tickets[slot] != ticket) return false;
        (wasStream, _streams[slot]) = (_streams[slot], false);
        _tickets[slot]++;
        _requests[slot] = null;
        _free[_freeCount++] = slot;
        return true;
    }

    /// <summary>The lease is a stream's. False when that was known, or the lease is no longer out.</summary>
    public bool TryMarkStream(int slot, uint ticket)
    {
        if (_tickets[slot] != ticket || _streams[slot]) return false;
        return _streams[slot] = true;
    }

    /// <summary>Leases that are out since <paramref name="bound"/> or longer.</summary>
    public IEnumerable<(int Slot, TimeSpan Since)> Held(TimeSpan bound)
    {
        for (var slot = 0; slot < _tickets.Length; slot++)
        {
            if (_tickets[slot] % 2 == 1 && _since[slot] <= bound) yield return (slot, _since[slot]);
        }
    }

    /// <summary>The call that has the lease, where it is known.</summary>
    public CallRequest? RequestOf(int slot) => _requests[slot];

    /// <summary>True the first time for each lease.</summary>
    public bool TryTell(int slot) => !_told[slot] && (_told[slot] = true);

    private void Grow()
    {
        var size = _tickets.Length;
        Array.Resize(ref _tickets, size * 2);
        Array.Resize(ref _streams, size * 2);
        Array.Resize(ref _told, size * 2);
        Array.Resize(ref _since, size * 2);
        Array.Resize(ref _requests, size * 2);
        _free = new int[size * 2];
        for (var slot = (size * 2) - 1; slot >= size; slot--) _free[_freeCount++] = slot;
    }
}
