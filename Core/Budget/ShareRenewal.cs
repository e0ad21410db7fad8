using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Budget;

/// <summary>
/// Keeps one endpoint's share alive: asks the budget when it is time, applies what may be used whenever that changes, also by the mere passing of time.
/// One loop on the thread pool owns the holder; answers and wake-ups reach it as signals, so a request that hangs never delays the end of a lease.
/// <see cref="Wake"/> may be called from any thread, also under a lock.
/// </summary>
public sealed class ShareRenewal : IAsyncDisposable
{
    private readonly BudgetSettings _settings;
    private readonly BudgetHolder _holder;
    private readonly IShareTarget _target;
    private readonly IBudget _budget;
    private readonly TimeProvider _time;
    private readonly ShareRenewalLog _log;
    private readonly RenewalRecorder? _recorder;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<(long Number, RenewReply? Reply)> _answers = Channel.CreateUnbounded<(long, RenewReply?)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly ITimer _timer;
    private CancellationTokenSource _request = new();
    private (HolderAllowance Allowance, TimeSpan Until) _applied;
    private IReadOnlyList<string> _forwardTo = [];
    private Orders _orders = Orders.None;
    private int _limit;
    private int _isHurried;
    private bool _isLeaseOver;
    private Task _loop = Task.CompletedTask;

    /// <summary>Prepares; <see cref="Start"/> begins.</summary>
    public ShareRenewal(BudgetSettings settings, BudgetHolder holder, IShareTarget target, IBudget budget, TimeProvider time, ILogger<ShareRenewal> logger, PoolMeter? meter = null)
    {
        (_settings, _holder, _target, _budget, _time) = (settings, holder, target, budget, time);
        _log = new ShareRenewalLog(logger, settings.Endpoint);
        _recorder = meter is null ? null : new RenewalRecorder(meter, settings.Endpoint);
        _timer = time.CreateTimer(static state => ((ShareRenewal)state!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins with the first request. Once.</summary>
    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>Looks at once whether a request is due: to be called when calls begin to wait, and when the first call comes after a pause.</summary>
    public void Wake() => _signal.Writer.TryWrite(true);

    /// <summary>Asks at once, due or not, and even if an answer is under way: there is something to hear that it may not have. From any thread.</summary>
    public void Hurry()
    {
        Volatile.Write(ref _isHurried, 1);
        Wake();
    }

    /// <summary>
    /// Stops, and gives the share back. To be called when all connections are closed: until then the share must be renewed. When the budget cannot be
    /// reached, the share comes back by itself after its time.
    /// </summary>
    public async Task LeaveAsync(CancellationToken cancellation)
    {
        await StopAsync().ConfigureAwait(false);
        try
        {
            await _budget.RenewAsync(_settings.Endpoint, _holder.ComposeLeave(_time.MonotonicNow()), cancellation).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The way to the budget is anybody's code; what it throws changes nothing here.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _log.RenewFailed(failure);
        }
    }

    /// <summary>Stops without giving the share back, as a crash would.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        _request.Dispose();
        _stopping.Dispose();
    }

    private async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        Wake();
        await _loop.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Look();
            await _signal.Reader.ReadAsync().ConfigureAwait(false);
        }

        await _request.CancelAsync().ConfigureAwait(false);
    }

    private void Look()
    {
        var now = _time.MonotonicNow();
        while (_answers.Reader.TryRead(out var answer)) TakeIn(answer.Number, answer.Reply, now);
        var next = Apply(now);
        var demand = _target.Demand(now);
        if (Interlocked.Exchange(ref _isHurried, 0) == 1 || _holder.IsDue(demand, now)) Ask(demand, now);
        Sleep(Least(next, Least(_holder.DueIn(demand, now), _holder.MayEbb ? _settings.BoundRenewPeriod : TimeSpan.MaxValue)));
    }

    private void TakeIn(long number, RenewReply? reply, TimeSpan now)
    {
        if (reply is null) _holder.GiveUp(number);
        else _holder.Accept(reply, now);
    }

    /// <summary>Applies what may be used now, and tells when that changes by itself.</summary>
    private TimeSpan Apply(TimeSpan now)
    {
        var allowance = _holder.Allowance(now);

        // Also when nothing but its end has moved: the target keeps to that end by its own clock.
        var forwardTo = _holder.ForwardTo;
        var applied = (allowance with { ValidFor = default }, allowance.ValidFor > TimeSpan.Zero ? now + allowance.ValidFor : TimeSpan.Zero);
        if (applied != _applied || _holder.Limit != _limit || !ReferenceEquals(forwardTo, _forwardTo) || _holder.Orders != _orders)
        {
            (_applied, _limit, _forwardTo, _orders) = (applied, _holder.Limit, forwardTo, _holder.Orders);
            _target.Apply(allowance, _limit, _forwardTo, _orders);
        }

        Tell(isOver: _holder.Epoch > 0 && allowance.ValidFor == TimeSpan.Zero, allowance);
        return allowance.ValidFor > TimeSpan.Zero ? allowance.ValidFor : TimeSpan.MaxValue;
    }

    private void Tell(bool isOver, in HolderAllowance allowance)
    {
        if (isOver == _isLeaseOver) return;
        _isLeaseOver = isOver;
        if (isOver) _log.LeaseEnded(allowance.Connections);
        else _log.LeaseRegained(allowance.Connections);
    }

    private void Ask(in HolderDemand demand, TimeSpan now)
    {
        _request.Cancel();
        _request.Dispose();
        _request = new CancellationTokenSource();
        _ = SendAsync(_holder.Compose(_target.OpenConnections, demand, _target.TakeSample(now), now), _request.Token);
    }

    private async Task SendAsync(RenewRequest request, CancellationToken cancellation)
    {
        RenewReply? answer = null;
        var began = _time.GetTimestamp();
        try
        {
            answer = await _budget.RenewAsync(_settings.Endpoint, request, cancellation).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The way to the budget is anybody's code, and the lease must be kept whatever it throws.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (!cancellation.IsCancellationRequested) _log.RenewFailed(failure);
        }

        if (cancellation.IsCancellationRequested) return;
        _recorder?.Asked(_time.GetElapsedTime(began), isAnswered: answer is not null);
        _answers.Writer.TryWrite((request.Number, answer));
        Wake();
    }

    private void Sleep(TimeSpan span)
    {
        // A timer takes about 49 days at most; a holder without anything sleeps until it is woken.
        var isForGood = span > TimeSpan.FromDays(1);
        _timer.Change(isForGood ? Timeout.InfiniteTimeSpan : Greatest(span, TimeSpan.FromMilliseconds(1)), Timeout.InfiniteTimeSpan);
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Greatest(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
