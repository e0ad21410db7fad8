using OrleansPool.Bench.LimitLab.Load;
using OrleansPool.Bench.LimitLab.Upstream;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;

namespace OrleansPool.Bench.LimitLab.Holders;

/// <summary>
/// One process of the pool: the pool's own limiter, meter, queue and estimate of waits in front of a simulated upstream. A process that comes back after
/// a restart is a new holder.
/// </summary>
internal sealed class Holder : ICallOwner
{
    private readonly HolderServices _services;
    private readonly HolderQueue _queue;
    private readonly HostChoice _hosts;
    private readonly HolderConnections? _connections;
    private readonly Queue<(Call Call, Answer Answer)> _unread = new();
    private bool _isFrozen;

    public Holder(HolderServices services, int index, int permits, ConnectionCount? connections)
    {
        (_services, Index) = (services, index);
        Limiter = new ShareLimiter(permits, services.Clock.Now);
        _queue = new HolderQueue(services, Limiter.Meter);
        _hosts = new HostChoice(services.Clock, services.Upstream);
        if (connections is not null) _connections = new HolderConnections(services.Clock, services.Scenario.Holders, connections, Serve);
    }

    /// <summary>Its place among the holders; a process that follows it has the same.</summary>
    public int Index { get; }

    public ShareLimiter Limiter { get; }

    public int Waiting => _queue.Count;

    public int OpenConnections => _connections?.Open ?? 0;

    /// <summary>Passes a call on to another holder if this one has no permit for it and is to forward; null: nobody does.</summary>
    public Func<Call, bool>? Forward { get; set; }

    /// <summary>A call found nothing free and waits.</summary>
    public Action? Starves { get; set; }

    /// <summary>What it would tell the budget that it needs.</summary>
    public HolderDemand Demand => new(Limiter.InFlight, _queue.Count, Limiter.Meter.Rate(Now), 0);

    private TimeSpan Now => _services.Clock.Now;

    /// <summary>A call comes in.</summary>
    public void Arrive(Call call)
    {
        call.Owner = this;
        Limiter.Meter.Arrived();
        if (_queue.Count == 0 && TryStart(call)) return;
        if (Forward?.Invoke(call) == true) return;
        if (!_queue.TryAdd(call))
        {
            Refuse(call);
            return;
        }

        _connections?.Want(Limiter.InFlight + _queue.Count);
        Starves?.Invoke();
    }

    /// <inheritdoc />
    public void Ended(Call call, Answer answer)
    {
        if (call.State == CallState.Abandoned) _services.Calls.Return(call);
        else if (_isFrozen) _unread.Enqueue((call, answer));
        else Read(call, answer);
    }

    /// <inheritdoc />
    public void Expired(Call call)
    {
        if (call.State != CallState.Sent)
        {
            if (call.State == CallState.Waiting) _queue.Remove(call);
            Refuse(call);
            return;
        }

        _services.Recorder.Took(Now - call.SentAt, Now - call.ArrivedAt);
        _queue.Unanswered(call, Now - call.SentAt);
        Abandon(call, CallOutcome.Dropped(DropKind.Timeout));
        Serve();
    }

    /// <summary>What may be used from now on.</summary>
    public void Allow(in HolderAllowance allowance)
    {
        Limiter.SetLimit(allowance.Permits, Now);
        if (_connections is not null)
        {
            _connections.Allow(allowance.Connections, Limiter.InFlight);
            if (allowance.MustSever) Sever();
            _connections.Want(Limiter.InFlight + _queue.Count);
        }

        Serve();
    }

    /// <summary>Serves whoever waits, as far as permits and connections go.</summary>
    public void Serve()
    {
        while (_queue.Count > 0 && HasRoom)
        {
            if (_queue.IsFirstTooLate) Refuse(_queue.RemoveFirst());
            else if (Limiter.TryAcquire(Now)) Send(_queue.TakeFirst());
            else return;
        }
    }

    /// <summary>Calls that wait for permits which it will not get.</summary>
    public IEnumerable<Call> TakeWaiting()
    {
        while (_queue.Count > 0) yield return _queue.RemoveFirst();
    }

    /// <summary>The process stands still: it reads no answers and takes no decisions, and its sockets stay open.</summary>
    public void Freeze() => _isFrozen = true;

    /// <summary>It goes on; answers that came meanwhile are read late.</summary>
    public void Wake()
    {
        _isFrozen = false;
        while (_unread.TryDequeue(out var unread))
        {
            if (unread.Call.State == CallState.Abandoned) _services.Calls.Return(unread.Call);
            else Read(unread.Call, unread.Answer);
        }
    }

    /// <summary>The process is gone: its callers get errors, and the upstream works on for nobody.</summary>
    public void Die()
    {
        foreach (var call in TakeWaiting()) Refuse(call);
        foreach (var call in Sent()) Abandon(call, CallOutcome.Ignored);
        foreach (var (call, _) in _unread) _services.Calls.Return(call);
        _connections?.Vanish();
    }

    private bool HasRoom => _connections?.HasRoom(Limiter.InFlight) ?? true;

    private bool TryStart(Call call)
    {
        if (!HasRoom || !Limiter.TryAcquire(Now)) return false;
        Send(call);
        return true;
    }

    private void Send(Call call)
    {
        (call.State, call.SentAt) = (CallState.Sent, Now);
        if (IsStream(call)) Limiter.Meter.BecameStream(Now, Now);
        _services.Recorder.Sent();
        _hosts.Send(call);
    }

    private void Read(Call call, Answer answer)
    {
        var took = Now - call.SentAt;
        Settle(call, OutcomeOf(call, answer));
        if (answer == Answer.Done && !IsStream(call)) Count(call, took);
        _services.Calls.Return(call);
        Serve();
    }

    private void Count(Call call, TimeSpan took)
    {
        _queue.Answered(call, took);
        _services.Recorder.Good(call.Origin, took, Now - call.ArrivedAt);
    }

    private CallOutcome OutcomeOf(Call call, Answer answer) => answer switch
    {
        Answer.PushBack => CallOutcome.Dropped(DropKind.PushBack),
        Answer.Failure => CallOutcome.Dropped(DropKind.Failure),
        _ when IsStream(call) => CallOutcome.Ignored,
        _ => new CallOutcome(Verdict.Success, DropKind.None, call.Method),
    };

    private void Abandon(Call call, CallOutcome outcome)
    {
        Settle(call, outcome);
        call.State = CallState.Abandoned;
    }

    private void Settle(Call call, CallOutcome outcome)
    {
        Limiter.Settle(outcome with { IsStream = IsStream(call) }, call.SentAt, Now);
        _hosts.Settled(call, outcome);
        _services.Recorder.Settled();
        _connections?.CloseSpare(Limiter.InFlight);
    }

    /// <summary>A call gets no service.</summary>
    public void Refuse(Call call)
    {
        Limiter.Meter.Refused();
        _services.Recorder.Refused();
        _services.Calls.Return(call);
    }

    /// <summary>The lease is over: connections beyond the floor are closed, and the calls on them break.</summary>
    private void Sever()
    {
        var room = _connections!.Sever();
        foreach (var call in Sent().Skip(room)) Abandon(call, CallOutcome.Dropped(DropKind.Failure));
    }

    private List<Call> Sent() => [.. _services.Calls.All.Where(call => call.State == CallState.Sent && ReferenceEquals(call.Owner, this))];

    private bool IsStream(Call call) => _services.Scenario.Upstream.Methods[call.Method].IsStream;
}
