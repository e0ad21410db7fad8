using OrleansPool.Core.Pooling.Health;

namespace OrleansPool.Core.Tests.Pooling.Health;

/// <summary>An address is judged beside the others; the numbers are the defaults of docs/options.md.</summary>
public class OutlierDetectionTests
{
    private static readonly OutlierOptions _defaults = new();

    [Theory]
    [InlineData(4, 0, false)]
    [InlineData(5, 0, true)]
    [InlineData(5, 50, true)]
    [InlineData(5, 51, false)]
    public void FailuresInARow_WithAsManyPercentOfTheOthersFailing(int inARow, int percentOfRest, bool isOutlier) =>
        Assert.Equal(isOutlier, OutlierDetection.ByCall(_defaults, inARow, new CallCounts(0, inARow, 0), Rest(100 - percentOfRest, percentOfRest)) is not null);

    [Theory]
    [InlineData(10, 9, 0, false)] // 19 calls
    [InlineData(10, 10, 0, true)]
    [InlineData(11, 9, 0, false)]
    [InlineData(10, 10, 25, true)]
    [InlineData(10, 10, 26, false)]
    public void Ratio_OfFailedCalls_WithAsManyPercentOfTheOthersFailing(int good, int failed, int percentOfRest, bool isOutlier) => Assert.Equal(
        isOutlier ? EjectReason.FailureRatio : null,
        OutlierDetection.ByInterval(_defaults, new CallCounts(good, failed, 0), Rest(100 - percentOfRest, percentOfRest)));

    [Theory]
    [InlineData(20, 199, 20, false)]
    [InlineData(20, 200, 20, true)]
    [InlineData(19, 200, 20, false)]
    [InlineData(20, 10, 1, false)] // Ten times, but not noticeable.
    [InlineData(20, 11, 1, true)]
    public void Mean_InMilliseconds_BesideThatOfTheOthers(int calls, int own, int rest, bool isOutlier) => Assert.Equal(
        isOutlier ? EjectReason.Slow : null,
        OutlierDetection.ByInterval(_defaults, new CallCounts(calls, 0, calls * own * TimeSpan.TicksPerMillisecond), Rest(20, 0, rest)));

    [Fact]
    public void EachRule_AtZero_IsOff()
    {
        var off = new OutlierOptions { ConsecutiveFailures = 0, FailureRatio = 0, LatencyFactor = 0 };
        Assert.Null(OutlierDetection.ByCall(off, 100, new CallCounts(0, 100, 0), Rest(100, 0)));
        Assert.Null(OutlierDetection.ByInterval(off, new CallCounts(50, 100, 50 * TimeSpan.TicksPerSecond), Rest(100, 0)));
    }

    private static CallCounts Rest(int good, int failed, int milliseconds = 20) => new(good, failed, good * milliseconds * TimeSpan.TicksPerMillisecond);
}
