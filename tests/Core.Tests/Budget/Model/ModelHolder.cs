using OrleansPool.Core.Budget;

namespace OrleansPool.Core.Tests.Budget.Model;

/// <summary>A process that opens connections as far as it may, as soon as it may.</summary>
internal sealed class ModelHolder(BudgetSettings settings, string name, long generation, Rule? without, bool isClient = false)
{
    private readonly BudgetHolder _lease = new(settings, name, generation, isClient);
    private readonly Dictionary<long, TimeSpan> _sentAt = [];
    private long _last;
    private bool _hasLeft;

    public string Name => name;

    public long Generation => generation;

    public bool IsClient => isClient;

    public int Open { get; private set; }

    /// <summary>When it stopped; null while it runs.</summary>
    public TimeSpan? FrozenAt { get; set; }

    public int Severed { get; private set; }

    public RenewRequest? Ask(HolderDemand demand, TimeSpan now)
    {
        if (_hasLeft) return null;
        var request = _lease.Compose(Open, demand, sample: null, now);
        (_last, _sentAt[request.Number]) = (request.Number, now);
        return without == Rule.CountHeld ? request with { HeldConnections = 0 } : request;
    }

    public RenewRequest? Leave(TimeSpan now)
    {
        if (_hasLeft || Open > 0) return null;
        _hasLeft = true;
        return _lease.ComposeLeave(now);
    }

    public void Hear(RenewReply reply, TimeSpan now)
    {
        if (without == Rule.AgeFromSend) reply = reply with { TimeToLive = reply.TimeToLive + now - _sentAt[reply.Number] };
        if (without == Rule.LatestOnly) reply = reply with { Number = _last };
        if (!_hasLeft) _lease.Accept(reply, now);
    }

    public void OpenSome(int count, TimeSpan now) => Open = Math.Max(Open, Math.Min(Open + count, _lease.Allowance(now).Connections));

    public void CloseSome(int count) => Open = Math.Max(0, Open - count);

    /// <summary>Time until what it may use changes by itself; the greatest value when it does not.</summary>
    public TimeSpan NextChange(TimeSpan now) => _lease.Allowance(now).ValidFor is var left && left > TimeSpan.Zero ? left : TimeSpan.MaxValue;

    /// <summary>What a running process does with the passing of time.</summary>
    public void Look(TimeSpan now)
    {
        var allowance = _lease.Allowance(now);
        if (!allowance.MustSever || Open <= allowance.Connections || without == Rule.Sever) return;
        Severed += Open - allowance.Connections;
        Open = allowance.Connections;
    }
}
