using OrleansPool.Core.Budget;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Tests.Pooling;

namespace OrleansPool.Core.Tests.Budget;

/// <summary>
/// So many calls at once through a pool whose share comes from a budget in the same process, in mode observe: whichever ends is followed by another. The
/// upstream serves as many as it has slots, the others stand in line there. Times are drawn from a fixed seed.
/// </summary>
internal sealed class ObservedLoad
{
    private static readonly TimeSpan _renewal = TimeSpan.FromMilliseconds(250);

    private readonly PoolUnderTest _test = new(isMultiplexed: true, callsPerChannel: 100, isGranted: false);
    private readonly PriorityQueue<ChannelLease, TimeSpan> _underWay = new();
    private readonly Random _random = new(7);
    private readonly InProcessBudget _budget;
    private readonly BudgetHolder _holder;
    private readonly ShareTarget _target;
    private TimeSpan[] _slotFreeAt;

    public ObservedLoad(int slots)
    {
        _slotFreeAt = new TimeSpan[slots];
        _budget = new InProcessBudget(_test.Clock);
        var settings = new BudgetSettings { Endpoint = "test", Cap = _test.Options.Max, CallsPerChannel = 100, Bounds = new LimitBounds(4, 400, 20), Mode = LimitMode.Observe };
        _budget.Add(settings, LimitLaws.Create("adaptive"));
        _holder = new BudgetHolder(settings, "here", 1);
        _target = new ShareTarget(_test.Pool, _test.Clock);
        _test.Transport.AutoConnectLimit = int.MaxValue;
    }

    public int InFlight => _test.Pool.Load().InFlight;

    /// <summary>The most calls that the pool ever kept waiting.</summary>
    public int MostWaiting { get; private set; }

    public async Task<BudgetView> ViewAsync() => (await _budget.ViewAsync("test", CancellationToken.None))!;

    /// <summary>From now on the upstream has so many slots, all free.</summary>
    public void SetSlots(int slots) => _slotFreeAt = new TimeSpan[slots];

    public async Task RunAsync(int calls, int seconds)
    {
        var end = _test.Now + TimeSpan.FromSeconds(seconds);
        for (var renewAt = _test.Now; _test.Now < end; renewAt += _renewal)
        {
            await RenewAsync();
            while (_underWay.Count < calls) await BeginAsync();
            while (_underWay.TryPeek(out _, out var next) && next <= renewAt + _renewal) await EndAsync(next, calls);
            _test.Clock.Advance(renewAt + _renewal - _test.Now);
        }
    }

    private async Task RenewAsync()
    {
        var now = _test.Now;
        var request = _holder.Compose(_target.OpenConnections, _target.Demand(now), _target.TakeSample(now), now);
        _holder.Accept((await _budget.RenewAsync("test", request, CancellationToken.None))!, now);
        _target.Apply(_holder.Allowance(now), _holder.Limit, _holder.ForwardTo, _holder.Orders);
    }

    private async Task EndAsync(TimeSpan at, int calls)
    {
        _test.Clock.Advance(at - _test.Now);
        _test.Pool.Return(_underWay.Dequeue(), Outcome.Good);
        if (_underWay.Count < calls) await BeginAsync();
    }

    private async Task BeginAsync()
    {
        var lease = _test.Acquire();
        MostWaiting = Math.Max(MostWaiting, lease.IsCompleted ? 0 : _test.Pool.Load().Waiting);
        var slot = Array.IndexOf(_slotFreeAt, _slotFreeAt.Min());
        var begins = _slotFreeAt[slot] > _test.Now ? _slotFreeAt[slot] : _test.Now;
        _slotFreeAt[slot] = begins + TimeSpan.FromMilliseconds(40 + (20 * _random.NextDouble()));
        _underWay.Enqueue(await lease.Granted(), _slotFreeAt[slot]);
    }
}
