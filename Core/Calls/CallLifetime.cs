using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Calls;

/// <summary>
/// How long a call may go on: until its caller leaves or its deadline passes. A call without a deadline costs no timer. Disposed once, when the call
/// is over.
/// </summary>
internal sealed class CallLifetime : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource? _source;
    private readonly CancellationTokenRegistration _registration;
    private volatile bool _wasCut;

    public CallLifetime(Deadline deadline, TimeProvider time, CancellationToken caller)
        : this(deadline, canBeCut: false, time, caller)
    {
    }

    private CallLifetime(Deadline deadline, bool canBeCut, TimeProvider time, CancellationToken caller)
    {
        (_caller, _time, Deadline) = (caller, time, deadline);
        if (deadline.IsNone && !canBeCut) return;
        _source = new CancellationTokenSource(deadline.Remaining(time), time);
        _registration = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    public Deadline Deadline { get; }

    /// <summary>Cancelled when the call is to end.</summary>
    public CancellationToken Token => _source?.Token ?? _caller;

    /// <summary>The lifetime of one attempt of several at the same time: it ends with the call, or by <see cref="Cut"/>.</summary>
    public CallLifetime Fork() => new(Deadline, canBeCut: true, _time, _caller);

    /// <summary>Ends an attempt that nobody waits for any more.</summary>
    public void Cut()
    {
        _wasCut = true;
        _source!.Cancel();
    }

    /// <summary>Why <see cref="Token"/> was cancelled.</summary>
    public CallFailure Ended(Stage stage) => _caller.IsCancellationRequested || _wasCut
        ? new CallFailure(FailureCode.CallerCancelled, "The caller left.") { Stage = stage }
        : new CallFailure(FailureCode.DeadlineAtUpstream, "The deadline passed while the upstream worked on the call.") { Stage = stage };

    public void Dispose()
    {
        _registration.Dispose();
        _source?.Dispose();
    }
}
