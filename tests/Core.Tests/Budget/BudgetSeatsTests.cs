using Microsoft.Extensions.Logging.Abstractions;
using OrleansPool.Core.Budget.Store;
using OrleansPool.Core.Limits.Laws;

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
}
