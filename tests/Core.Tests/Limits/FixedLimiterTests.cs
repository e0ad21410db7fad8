using OrleansPool.Core.Limits;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Tests.Limits;

/// <summary>A limit that stays where it is put.</summary>
public class FixedLimiterTests
{
    [Fact]
    public void TryAcquire_UpToTheLimit_AndAgainAfterASettle()
    {
        var limiter = new FixedLimiter(2);
        Assert.True(limiter.TryAcquire() && limiter.TryAcquire());
        Assert.False(limiter.TryAcquire());
        Assert.Equal(2, limiter.InFlight);
        limiter.Settle(Verdict.Success, TimeSpan.Zero);
        Assert.True(limiter.TryAcquire());
        Assert.False(limiter.TryAcquire());
    }

    [Theory]
    [InlineData(Verdict.Ignored)]
    [InlineData(Verdict.Success)]
    [InlineData(Verdict.Dropped)]
    public void Settle_WhateverTheVerdict_GivesThePermitBackAndLeavesTheLimit(Verdict verdict)
    {
        var limiter = new FixedLimiter(1);
        limiter.TryAcquire();
        limiter.Settle(verdict, TimeSpan.FromSeconds(9));
        Assert.Equal((0, 1), (limiter.InFlight, limiter.Limit));
    }

    [Fact]
    public void Lowered_BelowWhatIsInFlight_DealsNothingUntilEnoughIsBack()
    {
        var limiter = new FixedLimiter(3);
        for (var n = 0; n < 3; n++) limiter.TryAcquire();
        limiter.Set(1);
        Assert.Equal((3, 1), (limiter.InFlight, limiter.Limit));
        for (var n = 0; n < 2; n++)
        {
            limiter.Settle(Verdict.Success, TimeSpan.Zero);
            Assert.False(limiter.TryAcquire());
        }

        limiter.Settle(Verdict.Success, TimeSpan.Zero);
        Assert.True(limiter.TryAcquire());
    }

    [Fact]
    public void OnRaised_IsCalledWhenTheLimitRose_AndOnlyUntilDisposed()
    {
        var limiter = new FixedLimiter(2);
        var calls = new List<int>();
        var first = limiter.OnRaised(() => calls.Add(1));
        using var second = limiter.OnRaised(() => calls.Add(2));
        limiter.Set(1);
        limiter.Set(1);
        Assert.Empty(calls);
        limiter.Set(5);
        Assert.Equal([1, 2], calls);
        first.Dispose();
        first.Dispose();
        limiter.Set(6);
        Assert.Equal([1, 2, 2], calls);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Limit_BelowOne_IsRefused(int limit)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FixedLimiter(limit));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FixedLimiter(1).Set(limit));
    }

    [Fact]
    public async Task TryAcquire_FromManyThreads_NeverDealsMoreThanTheLimit()
    {
        var limiter = new FixedLimiter(5);
        var (most, dealt) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var n = 0; n < 50_000; n++)
            {
                if (!limiter.TryAcquire()) continue;
                InterlockedMax(ref most, limiter.InFlight);
                Interlocked.Increment(ref dealt);
                limiter.Settle(Verdict.Success, TimeSpan.Zero);
            }
        })));
        Assert.InRange(most, 1, 5);
        Assert.InRange(dealt, 1, 200_000);
        Assert.Equal(0, limiter.InFlight);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen) return;
            seen = before;
        }
    }
}
