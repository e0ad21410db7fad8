namespace OrleansPool.Client.Lanes;

/// <summary>One call's use of a lane: its token is cancelled when the caller leaves or the silo is lost. Disposing it again does nothing.</summary>
internal sealed class LaneUse : IDisposable
{
    private readonly Lane _lane;
    private readonly GatewayLink? _link;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _either;
    private int _isDisposed;

    public LaneUse(Lane lane, GatewayLink? link, TimeProvider time, CancellationToken caller)
    {
        (_lane, _link, _time) = (lane, link, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(caller, link?.Lost ?? default);
    }

    public CancellationToken Token => _either.Token;

    /// <summary>True when the silo was lost.</summary>
    public bool IsLost => _link?.IsLost == true;

    /// <summary>The silo answered: it lives.</summary>
    public void Heard() => _link?.Hear(_time.GetTimestamp());

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1) return;
        _lane.EndUse();
        _either.Dispose();
    }
}
