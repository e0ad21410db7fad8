using System.Runtime.InteropServices;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// Numbers the leases of one channel so that each is given back exactly once, without an object per lease. A slot's ticket is odd while it is
/// leased and moves on with every lease and return: a stale or second return holds a ticket that no longer fits. Guarded by the pool's lock.
/// </summary>
internal sealed class LeaseSlots
{
    private const int None = -1;

    private Slot[] _slots = new Slot[4];
    private int _firstFree = None;

    public LeaseSlots() => Free(from: 0);

    public (int Slot, uint Ticket) Take(TimeSpan now, CallRequest? request)
    {
        if (_firstFree == None) Grow();
        var index = _firstFree;
        ref var slot = ref _slots[index];
        _firstFree = slot.NextFree;
        (slot.Since, slot.Request, slot.IsStream, slot.IsTold) = (now, request, false, false);
        return (index, ++slot.Ticket);
    }

    public bool TryReturn(int index, uint ticket, out bool wasStream)
    {
        ref var slot = ref _slots[index];
        wasStream = slot.IsStream;
        if (slot.Ticket != ticket) return false;
        slot.Ticket++;
        slot.Request = null;
        slot.NextFree = _firstFree;
        _firstFree = index;
        return true;
    }

    /// <summary>The lease is a stream's. False when that was known, or the lease is no longer out.</summary>
    public bool TryMarkStream(int index, uint ticket)
    {
        ref var slot = ref _slots[index];
        if (slot.Ticket != ticket || slot.IsStream) return false;
        return slot.IsStream = true;
    }

    /// <summary>Leases that are out since <paramref name="bound"/> or longer.</summary>
    public IEnumerable<(int Slot, TimeSpan Since)> Held(TimeSpan bound)
    {
        for (var index = 0; index < _slots.Length; index++)
        {
            if (_slots[index].Ticket % 2 == 1 && _slots[index].Since <= bound) yield return (index, _slots[index].Since);
        }
    }

    /// <summary>The call that has the lease, where it is known.</summary>
    public CallRequest? RequestOf(int index) => _slots[index].Request;

    /// <summary>True the first time for each lease.</summary>
    public bool TryTell(int index) => !_slots[index].IsTold && (_slots[index].IsTold = true);

    private void Grow()
    {
        var size = _slots.Length;
        Array.Resize(ref _slots, size * 2);
        Free(from: size);
    }

    private void Free(int from)
    {
        for (var index = _slots.Length - 1; index >= from; index--)
        {
            _slots[index].NextFree = _firstFree;
            _firstFree = index;
        }
    }

    // Everything of one lease side by side, in one line of the processor's cache.
    [StructLayout(LayoutKind.Auto)]
    private struct Slot
    {
        public CallRequest? Request;
        public TimeSpan Since;
        public uint Ticket;
        public int NextFree;
        public bool IsStream;
        public bool IsTold;
    }
}
