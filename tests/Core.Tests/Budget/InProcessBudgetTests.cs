using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Tests.Budget;

public class InProcessBudgetTests
{
    private static readonly BudgetSettings _settings = BudgetUnderTest.SettingsOf(100, 16);

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task OnlyHolder_HasTheWholeBudget_AlsoAfterAPause()
    {
        var budget = new InProcessBudget(_time);
        budget.Add(_settings, new FixedLaw());
        var holder = new BudgetHolder(_settings, "here", 1);
        for (var minute = 0; minute < 3; minute++)
        {
            var reply = await budget.RenewAsync("orders", holder.Compose(0, default, sample: null, _time.MonotonicNow()), CancellationToken.None);
            Assert.Equal((100, 10), (reply!.Permits, reply.Connections));
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(100, (await budget.ViewAsync("orders", CancellationToken.None))!.Limit);
        Assert.Null(await budget.ViewAsync("none", CancellationToken.None));
    }

    [Fact]
    public void Endpoint_AddedTwice_IsRefused()
    {
        var budget = new InProcessBudget(_time);
        budget.Add(_settings, new FixedLaw());
        Assert.Throws<ArgumentException>(() => budget.Add(_settings, new FixedLaw()));
    }
}
