using FsCheck;
using FsCheck.Fluent;
using OrleansPool.Core.Calls;

namespace OrleansPool.Core.Tests.Calls;

/// <summary>The value of grpc-timeout, both ways.</summary>
public class GrpcTimeoutTests
{
    [Theory]
    [InlineData("1H", 36_000_000_000)]
    [InlineData("1M", 600_000_000)]
    [InlineData("1S", 10_000_000)]
    [InlineData("1m", 10_000)]
    [InlineData("1u", 10)]
    [InlineData("100n", 1)]
    [InlineData("99n", 0)]
    [InlineData("0S", 0)]
    [InlineData("00000005S", 50_000_000)]
    [InlineData("50m", 500_000)]
    [InlineData("99999999m", 999_999_990_000)]
    [InlineData("99999999S", 999_999_990_000_000)]
    [InlineData("99999999H", 3_599_999_964_000_000_000)]
    public void TryParse_DigitsAndUnit_IsThatManyTicks(string text, long ticks)
    {
        Assert.True(GrpcTimeout.TryParse(text, out var timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("5")]
    [InlineData("5s")]
    [InlineData("5h")]
    [InlineData("5N")]
    [InlineData("5 S")]
    [InlineData(" 5S")]
    [InlineData("5S ")]
    [InlineData("-5S")]
    [InlineData("+5S")]
    [InlineData("5.5S")]
    [InlineData("5SS")]
    [InlineData("0x5S")]
    [InlineData("123456789S")]
    [InlineData("000000001S")]
    [InlineData("\u0665S")]
    public void TryParse_AnythingElse_IsRefused(string text)
    {
        Assert.False(GrpcTimeout.TryParse(text, out var timeout));
        Assert.Equal(TimeSpan.Zero, timeout);
    }

    [Theory]
    [InlineData(0, "0n")]
    [InlineData(1, "100n")]
    [InlineData(999_999, "99999900n")]
    [InlineData(1_000_000, "100000u")]
    [InlineData(999_999_990, "99999999u")]
    [InlineData(100_000_000, "10000000u")]
    [InlineData(999_999_999, "99999m")]
    [InlineData(1_000_000_000, "100000m")]
    [InlineData(999_999_990_000, "99999999m")]
    [InlineData(1_000_000_000_000, "100000S")]
    [InlineData(1_000_000_000_000_000, "1666666M")]
    [InlineData(72_000_000_000_000_000, "2000000H")]
    [InlineData(long.MaxValue, "99999999H")]
    public void Format_UsesTheFinestUnitThatHoldsIt(long ticks, string expected) => Assert.Equal(expected, GrpcTimeout.Format(TimeSpan.FromTicks(ticks)));

    [Fact]
    public void Format_AnyTime_IsNeverMoreThanThereIs_AndCloseToIt() => Prop.ForAll(Arb.From(Times), IsFaithful).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(TimeSpan.TicksPerMinute)]
    [InlineData(TimeSpan.TicksPerHour)]
    public void Format_ATickBelowALargeWholeUnit_IsNotRoundedUpToIt(long unit)
    {
        // Close to what the unit can hold, where a double no longer tells the tick.
        var justBelow = TimeSpan.FromTicks((90_000_000L * unit) - 1);
        Assert.True(GrpcTimeout.TryParse(GrpcTimeout.Format(justBelow), out var told));
        Assert.True(told <= justBelow, $"{GrpcTimeout.Format(justBelow)} is {told.Ticks - justBelow.Ticks} ticks more than there is");
    }

    // Magnitudes rather than numbers are spread evenly, or a random time would mostly be centuries; and the moments around whole units.
    private static Gen<TimeSpan> Times => Gen.OneOf(
        Gen.Choose(0, 62).SelectMany(_ => Gen.Two(Gen.Choose(0, int.MaxValue)), (bits, halves) => TimeSpan.FromTicks((((long)halves.Item1 << 31) | (uint)halves.Item2) & ((1L << bits) - 1))),
        Gen.Elements(10L, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerSecond).SelectMany(_ => Gen.Choose(1, 99_999_999), (unit, count) => TimeSpan.FromTicks((unit * count) - 1)));

    private static void IsFaithful(TimeSpan given)
    {
        var text = GrpcTimeout.Format(given);
        Assert.InRange(text.Length, 2, 9);
        Assert.True(GrpcTimeout.TryParse(text, out var told), text);
        Assert.True(told <= given, $"{text} is more than {given}");
        var unit = text[^1] switch { 'n' => 1L, 'u' => 10, 'm' => TimeSpan.TicksPerMillisecond, 'S' => TimeSpan.TicksPerSecond, 'M' => TimeSpan.TicksPerMinute, _ => TimeSpan.TicksPerHour };
        var allowed = Math.Max(unit, given.Ticks / 100_000);

        // Eight digits of hours are the most that can be said.
        if (text != "99999999H") Assert.True(given.Ticks - told.Ticks <= allowed, $"{text} is {given - told} less than {given}");
    }
}
