using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Grains.Forwarding;

/// <summary>One forwarded call's use of a silo: its token is cancelled when the caller leaves, the silo is lost, or the use ends. Disposing it again does nothing.</summary>
internal sealed class PeerUse : IDisposable
{
    private readonly PeerSilo _silo;
    private readonly CancellationToken _lost;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _any;
    private int _isDisposed;

    public PeerUse(PeerSilo silo, CancellationToken lost, CancellationToken caller)
    {
        (_silo, _lost, _caller) = (silo, lost, caller);
        _any = CancellationTokenSource.CreateLinkedTokenSource(lost, caller);
    }

    public CancellationToken Token => _any.Token;

    /// <summary>True when the silo was lost: there is nobody to be told anything.</summary>
    public bool IsLost => _lost.IsCancellationRequested;

    /// <summary>The silo answered: it lives.</summary>
    public void Heard() => _silo.Heard();

    /// <summary>What an exception of the first message means: the call may go to another silo if that one was never connected to, which Orleans says by text alone.</summary>
    public CallFailure FailureOfFirst(Exception e)
    {
        var failure = FailureOf(e);
        return e is OrleansMessageRejectionException && e.Message.Contains("Unable to connect", StringComparison.Ordinal)
            ? new CallFailure(FailureCode.ShareElsewhere, "The silo with the share cannot be reached; the call was not sent.")
            : failure;
    }

    /// <summary>What an exception of a grain call means for the forwarded call.</summary>
    public CallFailure FailureOf(Exception e)
    {
        if (e is TimeoutException or OrleansException) _silo.Doubt();
        return Meaning(e);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1) return;
        _any.Cancel();
        _any.Dispose();
        _silo.EndUse();
    }

    private CallFailure Meaning(Exception e) => e switch
    {
        _ when IsLost => new CallFailure(FailureCode.GatewayLost, "The silo that the call was forwarded to died, froze, or was cut off; whether the upstream processed it is not known."),
        OperationCanceledException when _caller.IsCancellationRequested => new CallFailure(FailureCode.CallerCancelled, "The caller left."),
        OperationCanceledException or TimeoutException or OrleansException => new CallFailure(FailureCode.GatewayLost, $"The cluster did not carry the forwarded call to its end: {e.Message}"),
        _ => new CallFailure(FailureCode.InternalError, $"{e.GetType().Name}: {e.Message}"),
    };
}
