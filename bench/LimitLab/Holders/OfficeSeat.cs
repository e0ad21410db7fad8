using OrleansPool.Core.Budget;
using OrleansPool.Core.Budget.Store;
using OrleansPool.Core.Limits;

namespace OrleansPool.Bench.LimitLab.Holders;

/// <summary>A process that has the budget: the pool's own authority, which answers only while the process's lease in the store holds (rule store_lease).</summary>
internal sealed class OfficeSeat(string silo, BudgetAuthority authority, LimitController controller)
{
    /// <summary>How long a renewal of the lease holds (D), as the silos have it.</summary>
    public static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(6);

    private readonly StoreLease _lease = new(LeaseDuration);

    public BudgetAuthority Authority { get; } = authority;

    public LimitController Controller { get; } = controller;

    /// <summary>Its row in the store: the counter goes up with each renewal.</summary>
    public SiloRow Row { get; private set; } = new(silo, 1, 0, IsOver: false, LeaseDuration);

    /// <summary>True when it is dead, or cannot reach the store.</summary>
    public bool IsCutOff { get; set; }

    /// <summary>Renews the lease when that is due.</summary>
    public void Renew(TimeSpan now)
    {
        if (IsCutOff || !_lease.IsDue(now)) return;
        _lease.Attempt(now);
        Row = Row with { Counter = Row.Counter + 1 };
        _lease.Renewed(now);
    }

    /// <summary>Answers, or keeps silent.</summary>
    public RenewReply? Answer(RenewRequest request, TimeSpan now) => _lease.IsValid(now) ? Authority.Renew(request, now) : null;
}
