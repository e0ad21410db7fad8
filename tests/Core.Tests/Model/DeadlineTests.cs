using OrleansPool.Core.Model;

namespace OrleansPool.Core.Tests.Model;

/// <summary>A moment on a clock that only the test moves.</summary>
public class DeadlineTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void None_HoweverLate_NeverPasses()
    {
        _clock.Advance(TimeSpan.FromDays(1000));
        Assert.True(Deadline.None.IsNone);
        Assert.False(Deadline.None.HasPassed(_clock));
        Assert.Equal(Timeout.InfiniteTimeSpan, Deadline.None.Remaining(_clock));
        Assert.Equal(Deadline.None, default);
    }

    [Fact]
    public void Remaining_ShrinksWithTheClock_AndNeverBelowZero()
    {
        var deadline = Deadline.After(_second, _clock);
        Assert.Equal(_second, deadline.Remaining(_clock));
        _clock.Advance(0.25 * _second);
        Assert.Equal(0.75 * _second, deadline.Remaining(_clock));
        _clock.Advance(2 * _second);
        Assert.Equal(TimeSpan.Zero, deadline.Remaining(_clock));
    }

    [Fact]
    public void HasPassed_TurnsTrueAtTheMomentItself()
    {
        var deadline = Deadline.After(_second, _clock);
        _clock.Advance(_second - TimeSpan.FromTicks(1));
        Assert.False(deadline.HasPassed(_clock));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(deadline.HasPassed(_clock));
    }

    [Fact]
    public void After_Zero_HasPassedAtOnce()
    {
        var deadline = Deadline.After(TimeSpan.Zero, _clock);
        Assert.False(deadline.IsNone);
        Assert.True(deadline.HasPassed(_clock));
    }

    [Fact]
    public void Earlier_OfTwo_IsTheSoonerWhicheverWayRound()
    {
        var (soon, late) = (Deadline.After(_second, _clock), Deadline.After(2 * _second, _clock));
        Assert.Equal(soon, Deadline.Earlier(soon, late));
        Assert.Equal(soon, Deadline.Earlier(late, soon));
        Assert.Equal(soon, Deadline.Earlier(soon, Deadline.None));
        Assert.Equal(soon, Deadline.Earlier(Deadline.None, soon));
        Assert.Equal(Deadline.None, Deadline.Earlier(Deadline.None, Deadline.None));
    }

    [Fact]
    public void Equality_IsOfTheMoment_NotOfTheSpan()
    {
        var first = Deadline.After(2 * _second, _clock);
        _clock.Advance(_second);
        var second = Deadline.After(_second, _clock);
        Assert.True(first == second && first.Equals((object)second) && first.GetHashCode() == second.GetHashCode());
        Assert.True(first != Deadline.After(2 * _second, _clock));
    }

    [Theory]
    [InlineData(10_000_000)]
    [InlineData(1_000_000_000)]
    public void After_SpanBeyondTheClocksReach_IsNone(long frequency)
    {
        var clock = new LateClock(frequency);
        Assert.True(Deadline.After(TimeSpan.MaxValue, clock).IsNone);
        Assert.False(Deadline.After(TimeSpan.MaxValue, clock).HasPassed(clock));
    }

    [Theory]
    [InlineData(10_000_000)]
    [InlineData(1_000_000_000)]
    public void After_AHundredYears_IsKeptToTheMicrosecond(long frequency)
    {
        var clock = new LateClock(frequency);
        var hundredYears = TimeSpan.FromDays(36_525);
        var remaining = Deadline.After(hundredYears, clock).Remaining(clock);
        Assert.InRange(remaining, hundredYears - TimeSpan.FromMicroseconds(1), hundredYears);
    }

    /// <summary>A machine that has been up for 30 years, with ticks as long or as short as real ones have.</summary>
    private sealed class LateClock(long frequency) : TimeProvider
    {
        public override long TimestampFrequency => frequency;

        public override long GetTimestamp() => 30L * 365 * 24 * 3600 * frequency;
    }
}
