using OrleansPool.Bench.LimitLab.Load;
using OrleansPool.Bench.LimitLab.Metrics;
using OrleansPool.Bench.LimitLab.Simulation;
using OrleansPool.Core.Budget;

namespace OrleansPool.Bench.LimitLab.Holders;

/// <summary>A holder's side of the lease: asks in time, takes answers in, and tells the holder what it may use.</summary>
internal sealed class HolderLease : IEventTarget
{
    private const int Look = 0;
    private const int Answered = 1;
    private const int Forwarded = 2;

    // Finer than any period at which a holder renews.
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(50);

    private readonly HolderServices _services;
    private readonly BudgetHolder _lease;
    private readonly Holder _holder;
    private readonly BudgetOffice _office;
    private readonly Network _network;
    private readonly ClusterControl _cluster;
    private readonly Queue<RenewReply> _unread = new();
    private HolderAllowance _applied;
    private int _turn;
    private bool _isFrozen;
    private bool _isOver;

    public HolderLease(
        HolderServices services, BudgetSettings settings, Holder holder, long generation, BudgetOffice office, Network network, ClusterControl cluster)
    {
        (_services, _holder, _office, _network, _cluster, Generation) = (services, holder, office, network, cluster, generation);
        Name = NameOf(holder.Index);
        _lease = new BudgetHolder(settings, Name, generation);
        holder.Forward = Forward;
        holder.Starves = RenewIfDue;
        Schedule();
    }

    public string Name { get; }

    public long Generation { get; }

    public static string NameOf(int index) => $"holder-{index}";

    public void Happen(int what, long tag, object? subject)
    {
        if (what == Forwarded) Receive((Call)subject!, tag);
        else if (_isOver) return;
        else if (what == Answered && _isFrozen) _unread.Enqueue((RenewReply)subject!);
        else if (what == Answered) Accept((RenewReply)subject!);
        else LookAround();
    }

    public void Freeze(bool isFrozen)
    {
        _isFrozen = isFrozen;
        if (isFrozen) return;

        // The first act after waking is a look at the clock; what came in meanwhile is read after it.
        Apply();
        while (_unread.TryDequeue(out var reply)) Accept(reply);
    }

    /// <summary>The process ends.</summary>
    public void End(bool inOrder)
    {
        _isOver = true;
        if (inOrder) Send(_lease.ComposeLeave(_services.Clock.Now));
    }

    private void Schedule() => _services.Clock.After(_lookEvery, this, Look);

    private void LookAround()
    {
        Schedule();
        if (_isFrozen) return;
        Apply();
        RenewIfDue();
    }

    private void RenewIfDue()
    {
        var now = _services.Clock.Now;
        if (_isOver || _isFrozen || !_lease.IsDue(_holder.Demand, now)) return;
        Send(_lease.Compose(_holder.OpenConnections, _holder.Demand, _holder.Limiter.Meter.Take(now), now));
    }

    private void Send(RenewRequest request) => _network.Send(_holder.Index, _office, BudgetOffice.Asked, new Question(request, this), WireSize.Of(request));

    /// <summary>The budget answers, over the network.</summary>
    public void Reply(RenewReply reply) => _network.Send(_holder.Index, this, Answered, reply, WireSize.Of(reply));

    private void Accept(RenewReply reply)
    {
        if (_lease.Accept(reply, _services.Clock.Now)) Apply();
    }

    private void Apply()
    {
        var allowance = _lease.Allowance(_services.Clock.Now);
        if (allowance with { ValidFor = default } == _applied) return;
        _applied = allowance with { ValidFor = default };
        _holder.Allow(allowance);
        if (_lease.ForwardTo.Count > 0) ForwardWaiting();
    }

    private void ForwardWaiting()
    {
        foreach (var call in _holder.TakeWaiting().ToList())
        {
            if (!Forward(call)) _holder.Arrive(call);
        }
    }

    /// <summary>Passes a call on to a holder that has permits, once; false when this one is to serve its calls itself.</summary>
    private bool Forward(Call call)
    {
        if (call.IsForwarded || Target() is not { } target) return false;
        (call.IsForwarded, call.State) = (true, CallState.Forwarded);
        _services.Clock.After(_services.Scenario.Network.Hop, target, Forwarded, call.Version, call);
        return true;
    }

    private HolderLease? Target()
    {
        var names = _lease.ForwardTo;
        for (var step = 0; step < names.Count; step++)
        {
            if (_cluster.Find(names[_turn++ % names.Count]) is { _isFrozen: false } target) return target;
        }

        return null;
    }

    private void Receive(Call call, long version)
    {
        // On the way its caller may have given up, or the holder gone.
        if (call.Version != version) return;
        if (_isOver) _holder.Refuse(call);
        else _holder.Arrive(call);
    }
}
