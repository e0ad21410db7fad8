using OrleansPool.Bench.LimitLab.Simulation;
using OrleansPool.Core.Budget;

namespace OrleansPool.Bench.LimitLab.Holders;

/// <summary>One limit for all: the pool's own authority and holders' leases, over a network that delays and loses.</summary>
internal sealed class ClusterControl(HolderServices services, BudgetSettings settings, BudgetOffice office, Network network, ConnectionCount connections) : IControl, IEventTarget
{
    private const int Died = 0;

    private readonly Dictionary<int, HolderLease> _leases = [];

    public double Limit => office.Limit;

    public bool IsProbing => office.IsProbing;

    public Holder Join(int index, long generation)
    {
        var holder = new Holder(services, index, permits: 0, connections);
        _leases[index] = new HolderLease(services, settings, holder, generation, office, network, this);
        return holder;
    }

    public void Left(Holder holder, bool inOrder)
    {
        if (!_leases.Remove(holder.Index, out var lease)) return;
        lease.End(inOrder);
        if (!inOrder) services.Clock.After(services.Scenario.Network.DeathSeenAfter, this, Died, lease.Generation, lease.Name);
    }

    public void Frozen(Holder holder, bool isFrozen) => _leases[holder.Index].Freeze(isFrozen);

    /// <summary>Membership has seen the death of a holder.</summary>
    public void Happen(int what, long tag, object? subject) => office.HolderDied((string)subject!, tag);

    /// <summary>The lease of the process of that name, if it is up.</summary>
    public HolderLease? Find(string name) => _leases.Values.FirstOrDefault(lease => lease.Name == name);
}
