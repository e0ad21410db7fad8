using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Tests.Pooling;

/// <summary>Fifty holders of one upstream on one clock, whose connections would all open, or all end, in one moment.</summary>
public class ManyPoolsTests
{
    private const int Holders = 50;
    private const int Each = 2;
    private const int PerSecond = 20;
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(100);

    private readonly ManualTimeProvider _clock = new();
    private readonly List<PoolUnderTest> _pools = [];

    [Fact]
    public void UpstreamRestarts_ConnectsPerSecondOverAll_KeepToTheRate_AndAllAreBack()
    {
        Start(lifetime: TimeSpan.Zero, jitter: 0);

        // Older than what counts against the address itself.
        _clock.Advance(TimeSpan.FromSeconds(2));
        var opened = _pools.Sum(pool => pool.Totals.Connected);
        foreach (var pool in _pools) pool.Transport.Open.ForEach(channel => channel.Break());
        var connects = Measure(TimeSpan.FromSeconds(8), () => _pools.Sum(pool => pool.Totals.Connected), opened);
        Assert.Equal(Holders * Each, connects.Sum());
        Assert.InRange(MostInASecond(connects), PerSecond - 1, PerSecond + 1);
        Assert.InRange(connects.FindLastIndex(count => count > 0) * _tick.TotalSeconds, 4.5, 5.1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.02)]
    public void ChannelsOpenedTogether_ComeOfAgeTogether_AndAreReplacedAtTheRate(double jitter)
    {
        Start(lifetime: TimeSpan.FromMinutes(1), jitter);
        _clock.Advance(TimeSpan.FromSeconds(50));
        List<(long Ended, long Connected)> seen = [];
        var connects = Measure(TimeSpan.FromSeconds(20), () =>
        {
            seen.Add((_pools.Sum(pool => pool.Totals.Copy().Closed[CloseReason.MaxLifetime]), _pools.Sum(pool => pool.Totals.Connected)));
            return seen[^1].Connected;
        }, Holders * Each);
        var ended = seen.Select((now, at) => (int)(now.Ended - (at == 0 ? 0 : seen[at - 1].Ended))).ToList();
        Assert.Equal((Holders * Each, Holders * Each), (ended.Sum(), connects.Sum()));
        Assert.InRange(MostInASecond(ended), 1, PerSecond + 1);
        Assert.InRange(MostInASecond(connects), 1, PerSecond + 1);
    }

    // The turns that a budget deals to holders with the same share.
    private void Start(TimeSpan lifetime, double jitter)
    {
        for (var n = 0; n < Holders; n++)
        {
            var share = new PoolShare(100, Each) { Turn = (double)n / Holders };
            var pool = new PoolUnderTest(share: share, clock: _clock, pool: o => (o.Max, o.Min, o.ConnectRate, o.MaxLifetime, o.LifetimeJitter) = (Holders * Each, Each, PerSecond, lifetime, jitter));
            foreach (var attempt in pool.Transport.Pending) attempt.Succeed();
            pool.Transport.AutoConnectLimit = int.MaxValue;
            _pools.Add(pool);
        }

        Assert.Equal(Holders * Each, _pools.Sum(pool => pool.Transport.Connections));
    }

    private List<int> Measure(TimeSpan span, Func<long> total, long before)
    {
        List<int> each = [];
        for (var passed = TimeSpan.Zero; passed < span; passed += _tick)
        {
            _clock.Advance(_tick);
            var now = total();
            each.Add((int)(now - before));
            before = now;
        }

        return each;
    }

    private static int MostInASecond(List<int> each)
    {
        var perSecond = (int)(TimeSpan.FromSeconds(1) / _tick);
        return Enumerable.Range(0, each.Count).Max(at => each.Skip(at).Take(perSecond).Sum());
    }
}
