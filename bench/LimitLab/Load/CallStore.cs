namespace OrleansPool.Bench.LimitLab.Load;

/// <summary>All call objects of a run; those that are free are used again.</summary>
internal sealed class CallStore
{
    private readonly Stack<Call> _free = new();
    private readonly List<Call> _all = [];

    /// <summary>Also those that are free.</summary>
    public IReadOnlyList<Call> All => _all;

    public Call Take()
    {
        if (_free.TryPop(out var free)) return free;
        var call = new Call();
        _all.Add(call);
        return call;
    }

    public void Return(Call call)
    {
        call.Version++;
        (call.State, call.Owner, call.IsForwarded) = (CallState.Free, null, false);
        _free.Push(call);
    }
}
