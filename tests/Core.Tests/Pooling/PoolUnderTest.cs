using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Pooling.Health;

namespace OrleansPool.Core.Tests.Pooling;

/// <summary>A pool with everything around it in the test's hand.</summary>
internal sealed class PoolUnderTest
{
    public PoolUnderTest(bool isMultiplexed = false, int callsPerChannel = 1, int addresses = 1, int? permits = null, Action<PoolOptions>? pool = null, Action<QueueOptions>? queue = null, PoolShare? share = null, bool isGranted = true, bool letsWait = true, OutlierOptions? outliers = null, CheckOptions? check = null, PoolMeter? meter = null, ManualTimeProvider? clock = null)
    {
        Clock = clock ?? new ManualTimeProvider();
        pool?.Invoke(Options);
        queue?.Invoke(Queue);
        Limiter = new ShareLimiter(0, Clock.MonotonicNow());
        var settings = new PoolSettings("test", isMultiplexed, callsPerChannel, Options, Queue) { LetsWait = letsWait, Outliers = outliers ?? new OutlierOptions { MaxShare = 0, SlowStart = TimeSpan.Zero }, Check = check ?? new CheckOptions() };
        Pool = new ChannelPool(settings, Transport, Limiter, Totals, Clock, Log, new Random(1), meter is null ? null : new ConnectionRecorder(meter, "test"));
        if (share is not null) Pool.Apply(share);
        else if (isGranted) SetLimit(permits ?? Options.Max * callsPerChannel);
        if (addresses > 0) Pool.SetAddresses([.. Enumerable.Range(1, addresses).Select(Addresses.Number)]);
    }

    /// <summary>No lifetimes and no pings get in the way of a test that is about something else.</summary>
    public PoolOptions Options { get; } = new() { Max = 4, ConnectConcurrency = 100, MaxLifetime = TimeSpan.Zero, IdleTimeout = TimeSpan.Zero };

    public QueueOptions Queue { get; } = new();

    public ManualTimeProvider Clock { get; }

    public ScriptedTransport Transport { get; } = new();

    public ShareLimiter Limiter { get; }

    public PoolTotals Totals { get; } = new();

    public LinesLogger Log { get; } = new();

    public ChannelPool Pool { get; }

    /// <summary>All connections, and so many permits.</summary>
    public void SetLimit(int permits) => Pool.Apply(new PoolShare(permits, Options.Max));

    public TimeSpan Now => Clock.MonotonicNow();

    public Task<AcquireResult> Acquire(CancellationToken cancellation = default) => Pool.AcquireAsync(new Admission(Deadline.None), cancellation).AsTask();

    public Task<AcquireResult> AcquireFor(string caller) => Pool.AcquireAsync(new Admission(Deadline.None, caller), default).AsTask();

    public Task<AcquireResult> AcquireWithin(TimeSpan deadline) => Pool.AcquireAsync(new Admission(Deadline.After(deadline, Clock)), default).AsTask();

    /// <summary>A lease that must be there now.</summary>
    public async Task<ChannelLease> Lease()
    {
        var result = await Acquire().InTime("a lease");
        Assert.Null(result.Failure);
        return result.Lease;
    }

    /// <summary>The next attempt to connect. A probe's comes by way of another thread: the circuit breaker announces itself half open first.</summary>
    public async Task<ConnectAttempt> Attempt()
    {
        await Eventually.HoldsAsync(() => Transport.Pending.Count > 0, "an attempt to connect");
        return Transport.Pending[0];
    }

    /// <summary>A pool with channels open and idle.</summary>
    public async Task OpenIdle(int count)
    {
        Transport.AutoConnectLimit = int.MaxValue;
        var leases = new List<ChannelLease>();
        for (var n = 0; n < count; n++) leases.Add(await Lease());
        foreach (var lease in leases) Pool.Return(lease, Outcome.Good);
        Transport.AutoConnectLimit = null;
    }

    /// <summary>The whole state in one line, so that a test reads as a story.</summary>
    public void Expect(int idle = 0, int busy = 0, int connecting = 0, int draining = 0, int waiting = 0)
    {
        var now = Pool.Snapshot();
        Assert.Equal((idle, busy, connecting, draining, waiting), (now.Idle, now.Busy, now.Connecting, now.Draining, now.Waiting));
        Assert.Equal(Transport.Connections, now.Connections);
        Assert.True(Transport.MostConnections <= Options.Max, $"{Transport.MostConnections} connections, the maximum is {Options.Max}");
    }
}

/// <summary>What a waiting call was told.</summary>
internal static class AcquireResultExpectations
{
    public static async Task<ChannelLease> Granted(this Task<AcquireResult> waiting)
    {
        var result = await waiting.InTime("a lease");
        Assert.Null(result.Failure);
        return result.Lease;
    }

    public static async Task<CallFailure> Refused(this Task<AcquireResult> waiting, FailureCode code)
    {
        var result = await waiting.InTime($"a refusal, {code}");
        Assert.NotNull(result.Failure);
        Assert.Equal(code, result.Failure.Code);
        return result.Failure;
    }
}
