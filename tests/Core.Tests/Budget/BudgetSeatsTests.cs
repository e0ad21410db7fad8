using Microsoft.Extensions.Logging.Abstractions;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Budget.Store;
using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Tests.Budget;

public class BudgetSeatsTests
{
    [Fact]
    public async Task Dispose_ASecondTime_DoesNothing()
    {
        var (time, store) = (new ManualTimeProvider(), new InMemoryBudgetStore());
        var seats = new BudgetSeats(new SiloLease("one", store, time, NullLogger<SiloLease>.Instance), store, time, NullLoggerFactory.Instance);
        seats.Add(BudgetUnderTest.SettingsOf(limit: 100, cap: 16), new FixedLaw());
        seats.Start();

        await seats.DisposeAsync();
        await seats.DisposeAsync();
    }

    [Fact]
    public async Task Views_AreOfTheBudgetsHeldHere_AndOfNoOther()
    {
        var (time, store) = (new ManualTimeProvider(), new InMemoryBudgetStore());
        var lease = new SiloLease("one", store, time, NullLogger<SiloLease>.Instance);
        await lease.TickAsync(CancellationToken.None);
        await using var seats = new BudgetSeats(lease, store, time, NullLoggerFactory.Instance);
        var held = BudgetUnderTest.SettingsOf(limit: 100, cap: 16);
        seats.Add(held, new FixedLaw());
        seats.Add(held with { Endpoint = "asked-for-elsewhere" }, new FixedLaw());
        Assert.Empty(seats.Views());
        Assert.NotNull(await seats.Find(held.Endpoint)!.RenewAsync(new RenewRequest { Holder = "one", Generation = 1, Number = 1 }, CancellationToken.None));
        Assert.Equal(held.Endpoint, Assert.Single(seats.Views()).Endpoint);
    }

    [Fact]
    public async Task FewPermits_GoToAnotherSilo_SoThatTheyDoNotDieWithTheirBudget()
    {
        var (time, store, settings) = (new ManualTimeProvider(), new InMemoryBudgetStore(), BudgetUnderTest.SettingsOf(limit: 6, cap: 6));
        var lease = new SiloLease("one", store, time, NullLogger<SiloLease>.Instance);
        await lease.TickAsync(CancellationToken.None);
        await using var seats = new BudgetSeats(lease, store, time, NullLoggerFactory.Instance);
        seats.Add(settings, new FixedLaw());
        var (own, other) = (new BudgetHolder(settings, "one", 1), new BudgetHolder(settings, "two", 1));
        for (var round = 0; round < 10; round++)
        {
            foreach (var holder in (BudgetHolder[])[own, other])
            {
                var request = holder.Compose(openConnections: 0, new HolderDemand(InFlight: 0, Waiting: 1, Rate: 1, MinConnections: 0), sample: null, time.MonotonicNow());
                holder.Accept((await seats.Find(settings.Endpoint)!.RenewAsync(request, CancellationToken.None))!, time.MonotonicNow());
            }
        }

        Assert.Equal(["two"], own.ForwardTo);
        Assert.Empty(other.ForwardTo);
    }
}
