using OrleansPool.Core.Calls;

namespace OrleansPool.Core.Tests.Calls;

/// <summary>The numbers of docs/health.md: 20 % of the calls of ten seconds, and 10 per second.</summary>
public class RetryBudgetTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void Defaults_OfAQuietEndpoint_AllowAHundredInTenSeconds()
    {
        var budget = new RetryBudget(new RetryOptions(), _clock);
        Assert.Equal(100, Spend(budget));
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, Spend(budget));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(100, Spend(budget));
    }

    [Fact]
    public void Defaults_OfABusyEndpoint_AllowAFifthOnTop()
    {
        var budget = new RetryBudget(new RetryOptions(), _clock);
        for (var second = 0; second < 30; second++)
        {
            for (var call = 0; call < 100; call++) budget.Called();
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        // The second that has just begun has no calls yet: nine full ones count.
        Assert.Equal(100 + (900 / 5), Spend(budget));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 50)]
    [InlineData(0, 1, 10)]
    public void Numbers_CountEachForItself(double share, int perSecond, int expected)
    {
        var budget = new RetryBudget(new RetryOptions { BudgetShare = share, BudgetPerSecond = perSecond }, _clock);
        for (var call = 0; call < 50; call++) budget.Called();
        Assert.Equal(expected, Spend(budget));
    }

    [Fact]
    public void Pause_LongerThanTheWindow_ForgetsAllCalls()
    {
        var budget = new RetryBudget(new RetryOptions { BudgetPerSecond = 0 }, _clock);
        for (var call = 0; call < 50; call++) budget.Called();
        _clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal(0, Spend(budget));
        budget.Called();
        for (var call = 0; call < 4; call++) budget.Called();
        Assert.Equal(1, Spend(budget));
    }

    private static int Spend(RetryBudget budget)
    {
        var spent = 0;
        while (spent < 1_000 && budget.TrySpend()) spent++;
        return spent;
    }
}
