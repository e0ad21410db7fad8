using Microsoft.Extensions.Hosting;
using OrleansPool.Core.Operations;
using OrleansPool.Gateway.Live;

namespace OrleansPool.Gateway.Tests.Live;

/// <summary>When reports are gathered for viewers, by a clock in the test's hand.</summary>
public sealed class LiveFeedTests : IClusterReports, IHostApplicationLifetime
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _clock = new();
    private readonly LiveFeed _feed;
    private int _ofAll;
    private int _ofOne;
    private Exception? _failure;

    public LiveFeedTests() => _feed = new LiveFeed(this, _clock, this);

    CancellationToken IHostApplicationLifetime.ApplicationStarted => CancellationToken.None;

    CancellationToken IHostApplicationLifetime.ApplicationStopping => CancellationToken.None;

    CancellationToken IHostApplicationLifetime.ApplicationStopped => CancellationToken.None;

    [Fact]
    public async Task Reports_AreGatheredOnceForAFrame_HoweverManyLook()
    {
        for (var viewer = 0; viewer < 10; viewer++) Assert.True(_feed.TryJoin(null));
        var latest = 0L;
        for (var round = 0; round < 4; round++)
        {
            var next = Enumerable.Range(0, 10).Select(_ => _feed.AfterAsync(latest, CancellationToken.None)).ToList();
            await AdvanceUntilAsync(() => next.TrueForAll(frame => frame.IsCompleted), "a frame for every viewer");
            latest = (await next[0]).Number;
        }

        // The next one may be on its way.
        Assert.InRange(_ofAll, latest, latest + 2);
    }

    [Fact]
    public async Task Reports_AreNotGathered_WhenNobodyLooks()
    {
        Assert.True(_feed.TryJoin(null));
        await _feed.AfterAsync(0, CancellationToken.None).InTime("the first frame");
        _feed.Leave(null);
        for (var second = 0; second < 5; second++)
        {
            _clock.Advance(_second);
            await Task.Yield();
        }

        Assert.Equal(1, Volatile.Read(ref _ofAll));
        Assert.True(_feed.TryJoin(null));
        await AdvanceUntilAsync(() => Volatile.Read(ref _ofAll) > 1, "reports for the one who came back");
    }

    [Fact]
    public async Task Endpoint_ThatSeveralLookAt_IsAskedForOnceForAFrame()
    {
        string[] viewers = ["billing", "BILLING", "Billing"];
        Assert.All(viewers, viewer => Assert.True(_feed.TryJoin(viewer)));
        LiveFrame? frame = null;
        while (frame is not { Number: > 3 })
        {
            var next = _feed.AfterAsync(frame?.Number ?? 0, CancellationToken.None);
            await AdvanceUntilAsync(() => next.IsCompleted, "the next frame");
            frame = await next;
        }

        Assert.True(frame.Endpoints.ContainsKey("billing"));
        Assert.InRange(_ofOne, 3, Volatile.Read(ref _ofAll) + 1);
    }

    [Fact]
    public async Task Failure_IsToldToWhoWaits_AndTheNextToComeBeginsAnew()
    {
        _failure = new InvalidOperationException("no way");
        var waiting = _feed.AfterAsync(0, CancellationToken.None);
        Assert.True(_feed.TryJoin(null));
        await Assert.ThrowsAsync<InvalidOperationException>(() => waiting.InTime("the failure"));
        _feed.Leave(null);
        _failure = null;
        Assert.True(_feed.TryJoin(null));
        Assert.Equal(1, (await _feed.AfterAsync(0, CancellationToken.None).InTime("the first frame")).Number);
    }

    ValueTask<ClusterReport> IClusterReports.GatherAsync(ReportQuery query, CancellationToken cancellation)
    {
        Interlocked.Increment(ref query.Endpoint is null ? ref _ofAll : ref _ofOne);
        return _failure is null ? new(new ClusterReport([], [])) : ValueTask.FromException<ClusterReport>(_failure);
    }

    void IHostApplicationLifetime.StopApplication() => throw new NotSupportedException();

    // In steps: the loop asks its clock for the next second on a thread of its own.
    private Task AdvanceUntilAsync(Func<bool> condition, string expected) => Eventually.HoldsAsync(
        () =>
        {
            if (condition()) return true;
            _clock.Advance(_second / 10);
            return false;
        },
        expected);
}
