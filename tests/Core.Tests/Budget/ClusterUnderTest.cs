using Microsoft.Extensions.Logging.Abstractions;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Budget.Store;
using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Tests.Budget;

/// <summary>Silos with a seat each for one endpoint, over one store, on one clock.</summary>
internal sealed class ClusterUnderTest
{
    private readonly Dictionary<string, (SiloLease Lease, BudgetSeat Seat)> _silos = [];
    private readonly Dictionary<string, BudgetHolder> _holders = [];

    public BudgetSettings Settings { get; init; } = BudgetUnderTest.SettingsOf(limit: 100, cap: 16);

    public ManualTimeProvider Time { get; } = new();

    public StoreUnderTest Store { get; } = new();

    public TimeSpan Now => Time.MonotonicNow();

    public SiloLease Lease(string silo) => Silo(silo).Lease;

    public BudgetSeat Seat(string silo) => Silo(silo).Seat;

    /// <summary>Time passes for these silos; all others stand still or are dead.</summary>
    public async Task Pass(double seconds, params string[] alive)
    {
        for (var left = TimeSpan.FromSeconds(seconds); left > TimeSpan.Zero; left -= TimeSpan.FromMilliseconds(250))
        {
            foreach (var silo in alive) await Lease(silo).TickAsync(CancellationToken.None);
            foreach (var silo in alive) await Seat(silo).TickAsync(CancellationToken.None);
            Time.Advance(TimeSpan.FromMilliseconds(250));
        }

        foreach (var silo in alive) await Lease(silo).TickAsync(CancellationToken.None);
    }

    public async Task<RenewReply?> Renew(string silo, string name, int inFlight = 0, int waiting = 0, int open = 0)
    {
        if (!_holders.TryGetValue(name, out var holder)) _holders.Add(name, holder = new BudgetHolder(Settings, name, 1));
        var reply = await Seat(silo).RenewAsync(holder.Compose(open, new HolderDemand(inFlight, waiting, inFlight, 0), sample: null, Now), CancellationToken.None);
        if (reply is not null) Assert.True(holder.Accept(reply, Now));
        return reply;
    }

    public HolderAllowance Allowance(string name) => _holders[name].Allowance(Now);

    private (SiloLease Lease, BudgetSeat Seat) Silo(string name)
    {
        if (_silos.TryGetValue(name, out var silo)) return silo;
        var lease = new SiloLease(name, Store, Time, NullLogger<SiloLease>.Instance);
        silo = (lease, new BudgetSeat(Settings, new FixedLaw(), lease, Store, Time, NullLogger<BudgetSeat>.Instance));
        _silos.Add(name, silo);
        return silo;
    }
}
