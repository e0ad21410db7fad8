using Microsoft.Extensions.Logging.Abstractions;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Budget.Store;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Tests.Budget.Model;

/// <summary>One process of a silo that may hold the budget.</summary>
internal sealed class ModelSilo
{
    private readonly SiloLease _lease;

    public ModelSilo(string name, BudgetSettings settings, IBudgetStore store, ModelClock clock, Dice dice, Rule? without)
    {
        Store = new ModelStore(store, dice);
        _lease = new SiloLease(name, Store, clock, NullLogger<SiloLease>.Instance, TimeSpan.FromSeconds(2));
        var lease = new LeaseWithout(_lease, without);
        Seat = new BudgetSeat(settings, new FixedLaw(), lease, without == Rule.Learning ? new StoreWithoutLearning(Store, lease) : Store, clock, NullLogger<BudgetSeat>.Instance);
    }

    public ModelStore Store { get; }

    public BudgetSeat Seat { get; }

    public bool IsFrozen { get; set; }

    public async void Tick(bool alsoSeat)
    {
        await _lease.TickAsync(CancellationToken.None).ConfigureAwait(false);
        if (alsoSeat) await Seat.TickAsync(CancellationToken.None).ConfigureAwait(false);
    }

    public async void Order(Order order) => await Seat.OrderAsync(order, CancellationToken.None).ConfigureAwait(false);

    public async void Renew(RenewRequest request, Action<RenewReply> answer)
    {
        try
        {
            if (await Seat.RenewAsync(request, CancellationToken.None).ConfigureAwait(false) is { } reply) answer(reply);
        }
        catch (TimeoutException)
        {
            // The store failed; the holder hears nothing.
        }
    }

    public async void Release()
    {
        try
        {
            // While a call on the store is under way the release would wait for it on another thread.
            if (Store.IsQuiet) await Seat.ReleaseAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The seat makes up for it with its next ticks.
        }
    }
}
