using OrleansPool.Bench.LimitLab.Load;
using OrleansPool.Bench.LimitLab.Scenarios;
using OrleansPool.Bench.LimitLab.Simulation;

namespace OrleansPool.Bench.LimitLab.Holders;

/// <summary>
/// All holders, and the way of the callers to them: a caller comes to any holder that is up, or more often to one of them when the phase is skewed. A
/// holder that is down or stands still gets none.
/// </summary>
internal sealed class Fleet : IEventTarget
{
    private readonly HolderServices _services;
    private readonly IControl _control;
    private readonly Randomness _random;
    private readonly Holder?[] _holders;
    private readonly long[] _generations;
    private readonly HashSet<int> _frozen = [];
    private readonly HashSet<int> _leaving = [];
    private int[] _open = [];
    private Phase _phase;
    private int _hot;
    private int _count;
    private long _version;

    public Fleet(HolderServices services, IControl control, int most, Phase first, long seed)
    {
        (_services, _control, _phase) = (services, control, first);
        _random = new Randomness(seed, Purpose.Faults);
        (_holders, _generations) = (new Holder?[most], new long[most]);
    }

    /// <summary>Holders that are up, standing still or leaving.</summary>
    public IEnumerable<Holder> Up => _holders.OfType<Holder>();

    /// <summary>The process of that place, if it is up.</summary>
    public Holder? At(int index) => _holders[index];

    /// <summary>As many holders as the phase asks for; the last ones go, in order.</summary>
    public void Enter(Phase phase, int count)
    {
        (_phase, _count) = (phase, count);
        _version++;
        if (phase.SkewMoves > TimeSpan.Zero) _services.Clock.After(phase.SkewMoves, this, 0, _version);
        for (var index = 0; index < _holders.Length; index++)
        {
            if (index < count && _holders[index] is null) Start(index);
            else if (index >= count && _holders[index] is not null) Leave(index);
        }
    }

    /// <summary>The next holder gets most of the calls.</summary>
    public void Happen(int what, long tag, object? subject)
    {
        if (tag != _version) return;
        _hot++;
        _services.Clock.After(_phase.SkewMoves, this, 0, _version);
    }

    /// <summary>Brings a call to a holder.</summary>
    public void Route(Call call)
    {
        if (_open.Length == 0)
        {
            _services.Calls.Return(call);
            return;
        }

        call.Origin = _phase.Skew > 0 && _random.Next() < _phase.Skew ? _open[_hot % _open.Length] : _open[_random.Next(_open.Length)];
        _services.Recorder.Arrived(call.Origin);
        if (!_services.Scenario.Upstream.Methods[call.Method].IsStream) _services.Deadlines.Add(call);
        _holders[call.Origin]!.Arrive(call);
    }

    /// <summary>A new process in that place, if the phase has so many.</summary>
    public void Start(int index)
    {
        if (_holders[index] is not null || index >= _count) return;
        _holders[index] = _control.Join(index, ++_generations[index]);
        Reopen();
    }

    /// <summary>It takes no more calls, ends those that it has, and then goes.</summary>
    public void Leave(int index)
    {
        if (_holders[index] is not { } holder || !_leaving.Add(index)) return;
        Reopen();
        _services.Clock.After(_services.Scenario.Holders.Deadline, new Departure(this, holder), 0);
    }

    /// <summary>Its process dies.</summary>
    public void Crash(int index)
    {
        if (_holders[index] is { } holder) Remove(holder, inOrder: false);
    }

    /// <summary>Its process stands still.</summary>
    public void Freeze(int index)
    {
        if (_holders[index] is null || !_frozen.Add(index)) return;
        _holders[index]!.Freeze();
        _control.Frozen(_holders[index]!, isFrozen: true);
        Reopen();
    }

    /// <summary>It goes on. Its first act is a look at its lease.</summary>
    public void Wake(int index)
    {
        if (_holders[index] is not { } holder || !_frozen.Remove(index)) return;
        _control.Frozen(holder, isFrozen: false);
        holder.Wake();
        Reopen();
    }

    private void Remove(Holder holder, bool inOrder)
    {
        if (!ReferenceEquals(_holders[holder.Index], holder)) return;
        _holders[holder.Index] = null;
        _frozen.Remove(holder.Index);
        _leaving.Remove(holder.Index);
        holder.Die();
        _control.Left(holder, inOrder);
        Reopen();
    }

    private void Reopen() => _open = [.. Up.Select(h => h.Index).Where(index => !_frozen.Contains(index) && !_leaving.Contains(index))];

    private sealed class Departure(Fleet fleet, Holder holder) : IEventTarget
    {
        public void Happen(int what, long tag, object? subject) => fleet.Remove(holder, inOrder: true);
    }
}
