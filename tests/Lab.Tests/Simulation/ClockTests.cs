using OrleansPool.Bench.LimitLab.Simulation;

namespace OrleansPool.Lab.Tests.Simulation;

public class ClockTests
{
    private readonly Clock _clock = new();

    [Fact]
    public void RunUntil_ManyEvents_HappenByTimeAndThenByOrder()
    {
        var random = new Randomness(7, Purpose.Faults);
        var log = new Log(_clock);
        for (var i = 0; i < 1000; i++) _clock.At(TimeSpan.FromSeconds(random.Next(50)), log, i);
        _clock.RunUntil(TimeSpan.FromSeconds(50));
        Assert.Equal(1000, log.Seen.Count);
        Assert.Equal(log.Seen.OrderBy(seen => seen.At).ThenBy(seen => seen.What), log.Seen);
    }

    [Fact]
    public void RunUntil_EventAtTheEnd_IsLeftForTheNextRun()
    {
        var log = new Log(_clock);
        _clock.After(TimeSpan.FromSeconds(1), log, 0);
        _clock.RunUntil(TimeSpan.FromSeconds(1));
        Assert.Empty(log.Seen);
        _clock.RunUntil(TimeSpan.FromSeconds(2));
        Assert.Equal([(TimeSpan.FromSeconds(1), 0)], log.Seen);
    }

    [Fact]
    public void At_PastInstant_IsRefused()
    {
        _clock.RunUntil(TimeSpan.FromSeconds(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.At(TimeSpan.Zero, new Log(_clock), 0));
    }

    private sealed class Log(Clock clock) : IEventTarget
    {
        public List<(TimeSpan At, int What)> Seen { get; } = [];

        public void Happen(int what, long tag, object? subject) => Seen.Add((clock.Now, what));
    }
}
