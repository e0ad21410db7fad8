using OrleansPool.Bench.LimitLab.Scenarios;
using OrleansPool.Bench.LimitLab.Simulation;

namespace OrleansPool.Bench.LimitLab.Holders;

/// <summary>
/// The connections of one holder, as numbers: they open when calls need them, up to what the share allows, and close as soon as it allows fewer and the
/// calls on them have ended. Every one of them counts against the cap from the moment it is dialled until it is closed.
/// </summary>
internal sealed class HolderConnections(Clock clock, HoldersPlan plan, ConnectionCount total, Action opened) : IEventTarget
{
    private int _connecting;
    private int _generation;

    /// <summary>Connecting, idle, busy and draining ones.</summary>
    public int Open { get; private set; }

    /// <summary>Most that may be open.</summary>
    public int Allowed { get; private set; }

    /// <summary>Whether one more call finds room besides those in flight.</summary>
    public bool HasRoom(int inFlight) => inFlight < Math.Min(Open - _connecting, Allowed) * plan.CallsPerChannel;

    /// <summary>Opens what so many calls need.</summary>
    public void Want(int calls)
    {
        var wanted = Math.Min((calls + plan.CallsPerChannel - 1) / plan.CallsPerChannel, Allowed);
        while (Open < wanted)
        {
            Change(1);
            _connecting++;
            clock.After(plan.Connect, this, 0, _generation);
        }
    }

    /// <summary>The share changed, or a call ended: closes what is too much and idle.</summary>
    public void Allow(int allowed, int inFlight)
    {
        Allowed = allowed;
        CloseSpare(inFlight);
    }

    /// <summary>Closes what the share does not allow and no call needs.</summary>
    public void CloseSpare(int inFlight)
    {
        if (Open <= Allowed) return;
        var busy = (inFlight + plan.CallsPerChannel - 1) / plan.CallsPerChannel;
        Change(-Math.Min(Open - Allowed, Math.Max(0, Open - _connecting - busy)));
    }

    /// <summary>Closes all beyond what is allowed, whatever runs on them. What is left carries so many calls.</summary>
    public int Sever()
    {
        if (Open > Allowed)
        {
            _generation++;
            _connecting = 0;
            Change(Allowed - Open);
        }

        return Open * plan.CallsPerChannel;
    }

    /// <summary>The process is gone, and its sockets with it.</summary>
    public void Vanish()
    {
        _generation++;
        Allowed = _connecting = 0;
        Change(-Open);
    }

    public void Happen(int what, long tag, object? subject)
    {
        if (tag != _generation) return;
        _connecting--;
        opened();
    }

    private void Change(int by)
    {
        Open += by;
        total.Change(by);
    }
}
