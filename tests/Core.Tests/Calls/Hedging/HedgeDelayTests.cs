using OrleansPool.Core.Calls.Hedging;

namespace OrleansPool.Core.Tests.Calls.Hedging;

/// <summary>When an answer is late.</summary>
public class HedgeDelayTests
{
    private static readonly TimeSpan _start = TimeSpan.FromHours(1);

    [Fact]
    public void Configured_HoldsFromTheFirstCallOn() =>
        Assert.Equal(TimeSpan.FromMilliseconds(7), new HedgeDelay(new HedgingOptions { Delay = TimeSpan.FromMilliseconds(7) }).At(_start));

    [Fact]
    public void Percentile_IsKnownAfterFiftyCalls()
    {
        var delay = new HedgeDelay(new HedgingOptions { Percentile = 0.9 });
        for (var n = 1; n < 50; n++) delay.Answered(TimeSpan.FromMilliseconds(10), _start);
        Assert.Null(delay.At(_start));
        delay.Answered(TimeSpan.FromMilliseconds(10), _start);
        Assert.InRange(delay.At(_start + TimeSpan.FromSeconds(1))!.Value.TotalMilliseconds, 9.5, 10.7);
    }

    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.9, 90)]
    [InlineData(0.99, 99)]
    public void Percentile_IsTheShareOfCallsThatKeepToIt(double percentile, double expected)
    {
        var delay = new HedgeDelay(new HedgingOptions { Percentile = percentile });
        for (var n = 1; n <= 100; n++) delay.Answered(TimeSpan.FromMilliseconds(n), _start);
        Assert.InRange(delay.At(_start)!.Value.TotalMilliseconds, 0.93 * expected, 1.07 * expected);
    }

    [Fact]
    public void Percentile_FollowsAnUpstreamThatBecomesSlower_WithinHalfAMinute_AndForgetsWhatIsOld()
    {
        var delay = new HedgeDelay(new HedgingOptions());
        for (var n = 0; n < 1_000; n++) delay.Answered(TimeSpan.FromMilliseconds(10), _start);
        for (var second = 0; second < 31; second++)
        {
            for (var n = 0; n < 10; n++) delay.Answered(TimeSpan.FromMilliseconds(200), _start + TimeSpan.FromSeconds(second));
        }

        Assert.InRange(delay.At(_start + TimeSpan.FromSeconds(31))!.Value.TotalMilliseconds, 187, 214);
        Assert.Null(delay.At(_start + TimeSpan.FromSeconds(90)));
    }
}
