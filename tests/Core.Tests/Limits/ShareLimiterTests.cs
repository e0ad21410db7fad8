using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Tests.Limits;

/// <summary>Permits of a share.</summary>
public class ShareLimiterTests
{
    private static readonly TimeSpan _now = TimeSpan.FromSeconds(1);

    [Fact]
    public void TryAcquire_UpToTheLimit_AndAgainAfterASettle()
    {
        var limiter = new ShareLimiter(2, _now);
        Assert.True(limiter.TryAcquire(_now) && limiter.TryAcquire(_now));
        Assert.False(limiter.TryAcquire(_now));
        Assert.Equal((2, 0), (limiter.InFlight, limiter.Free));
        limiter.Settle(Outcome.Good, _now, _now);
        Assert.True(limiter.TryAcquire(_now));
        Assert.False(limiter.TryAcquire(_now));
    }

    [Fact]
    public void Settle_WhateverTheOutcome_GivesThePermitBackAndLeavesTheLimit()
    {
        CallOutcome[] outcomes = [Outcome.Good, Outcome.Ignored, Outcome.Dropped];
        foreach (var outcome in outcomes)
        {
            var limiter = new ShareLimiter(1, _now);
            limiter.TryAcquire(_now);
            limiter.Settle(outcome, _now, _now + TimeSpan.FromSeconds(9));
            Assert.Equal((0, 1, 1), (limiter.InFlight, limiter.Limit, limiter.Free));
        }
    }

    [Fact]
    public void Lowered_BelowWhatIsInFlight_DealsNothingUntilEnoughIsBack()
    {
        var limiter = new ShareLimiter(3, _now);
        for (var n = 0; n < 3; n++) limiter.TryAcquire(_now);
        limiter.SetLimit(1, _now);
        Assert.Equal((3, 1, 0), (limiter.InFlight, limiter.Limit, limiter.Free));
        for (var n = 0; n < 2; n++)
        {
            limiter.Settle(Outcome.Good, _now, _now);
            Assert.False(limiter.TryAcquire(_now));
        }

        limiter.Settle(Outcome.Good, _now, _now);
        Assert.True(limiter.TryAcquire(_now));
    }

    [Fact]
    public void Limit_OfNone_DealsNothing()
    {
        var limiter = new ShareLimiter(0, _now);
        Assert.False(limiter.TryAcquire(_now));
        limiter.SetLimit(1, _now);
        Assert.True(limiter.TryAcquire(_now));
        limiter.SetLimit(0, _now);
        limiter.Settle(Outcome.Good, _now, _now);
        Assert.False(limiter.TryAcquire(_now));
    }

    [Fact]
    public void Limit_BelowZero_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShareLimiter(-1, _now));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShareLimiter(1, _now).SetLimit(-1, _now));
    }
}
