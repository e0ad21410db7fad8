using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Tests.Budget;

/// <summary>A renewal loop on a clock that the test advances, between a pool and a budget that do what the test says.</summary>
internal sealed class RenewalUnderTest : IShareTarget, IBudget, IAsyncDisposable
{
    /// <summary>What a request's time may be off: the clock goes on while the loop, on another thread, gets round to sending the first one.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMilliseconds(100);

    private readonly ManualTimeProvider _time = new();
    private int _looks;
    private int _answeredAfter;

    public RenewalUnderTest(PoolMeter? meter = null)
    {
        Renewal = new ShareRenewal(BudgetUnderTest.SettingsOf(100, 16), new BudgetHolder(BudgetUnderTest.SettingsOf(100, 16), "a", 1), this, this, _time, NullLogger<ShareRenewal>.Instance, meter);
    }

    public ShareRenewal Renewal { get; }

    public Func<RenewRequest, ValueTask<RenewReply?>> Answer { get; set; } = request => new(ReplyTo(request));

    public HolderDemand Calls { get; set; } = new(5, 0, 5, 0);

    public ConcurrentQueue<(TimeSpan At, RenewRequest Request)> Requests { get; } = new();

    public ConcurrentQueue<(TimeSpan At, HolderAllowance Allowance)> Applied { get; } = new();

    public TimeSpan Now => _time.MonotonicNow();

    public int OpenConnections { get; set; }

    public static RenewReply ReplyTo(RenewRequest request) => new()
    {
        Number = request.Number,
        Epoch = 1,
        Permits = 50,
        Connections = 5,
        Floor = 2,
        FloorPermits = 20,
        TimeToLive = TimeSpan.FromSeconds(30),
        RenewAfter = TimeSpan.FromSeconds(1),
        Limit = 100,
    };

    public HolderDemand Demand(TimeSpan now)
    {
        Interlocked.Increment(ref _looks);
        return Calls;
    }

    public LoadSample? TakeSample(TimeSpan now) => null;

    public void Apply(in HolderAllowance allowance, int limit, IReadOnlyList<string> forwardTo, Orders orders) => Applied.Enqueue((Now, allowance));

    public ValueTask<RenewReply?> RenewAsync(string endpoint, RenewRequest request, CancellationToken cancellation)
    {
        Requests.Enqueue((Now, request));
        var isHanging = false;
        try
        {
            var answer = Answer(request);
            isHanging = !answer.IsCompleted;
            return answer;
        }
        finally
        {
            // What came at once, were it a failure, makes the loop look again.
            if (!isHanging) Volatile.Write(ref _answeredAfter, Volatile.Read(ref _looks));
        }
    }

    public ValueTask<OrderOutcome> OrderAsync(string endpoint, Order order, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<BudgetView?> ViewAsync(string endpoint, CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>
    /// Moves the clock in small steps until the loop, on its own thread, has done what is expected. When its timer has fired, or an answer came, the clock
    /// waits for it to look, or on a busy machine the time would run away from it.
    /// </summary>
    public Task PassUntil(Func<bool> condition, string expected) => Eventually.HoldsAsync(
        async () =>
        {
            for (var step = 0; step < 100 && !condition(); step++) await Pass();
            return condition();
        },
        expected);

    private async Task Pass()
    {
        await LookedAfter(Volatile.Read(ref _answeredAfter));
        var (timers, looks) = (_time.PendingTimers, Volatile.Read(ref _looks));
        _time.Advance(TimeSpan.FromMilliseconds(5));
        if (_time.PendingTimers < timers) await LookedAfter(looks);
        for (var i = 0; i < 5; i++) await Task.Yield();
    }

    private Task LookedAfter(int looks) => Eventually.HoldsAsync(() => Volatile.Read(ref _looks) > looks, "the loop to look");

    /// <summary>The clock jumps, as it does for a process that stood still.</summary>
    public void Freeze(TimeSpan span) => _time.Advance(span);

    public ValueTask DisposeAsync() => Renewal.DisposeAsync();
}
