using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Calls;

/// <summary>
/// The path of a call, written once. In the order of the request:
/// <code>
/// 1 check    the request obeys its protocol; its deadline is known       (first, so that a bad request never takes a permit)
/// 2 admit    a permit and a channel, or a wait for both                  (the deadline runs already; no share here, or no more: another host goes on;
///                                                                         neither can be had: the fallback endpoint goes on, if there is one)
/// 3 send     on that channel, with the time that is left                 (what provably was not sent goes back to 2)
/// 4 reply    the answer goes to the caller as it comes
/// 5 settle   the lease goes back with a verdict                          (last: a channel given back is somebody else's)
/// </code>
/// Thread-safe.
/// </summary>
internal sealed class CallPipeline(ChannelPool pool, CallSemantics semantics, LimitsOptions initial, RetryOptions retry, TimeProvider time, IForwarding? forwarding = null)
{
    private readonly RetryBudget _retries = new(retry, time);
    private volatile LimitsOptions _limits = initial;

    public ChannelPool Pool { get; } = pool;

    public CallSemantics Semantics { get; } = semantics;

    /// <summary>What became of calls beyond being sent once.</summary>
    public CallTotals Totals { get; } = new();

    /// <summary>Who takes over the calls for which no permit or channel can be had; null for nobody. Set before the first call.</summary>
    public CallPipeline? Fallback { get; set; }

    /// <summary>Goes by these from now on; a call under way keeps the deadline it has.</summary>
    public void Adjust(PoolTuning tuning, LimitsOptions limits)
    {
        _limits = limits;
        Pool.Adjust(tuning);
    }

    public ValueTask<CallResult> CallAsync(CallRequest request, CancellationToken caller) => CallAsync(request, null, caller);

    // The deadline is that of a call taken over from another endpoint; null for one that begins here.
    private async ValueTask<CallResult> CallAsync(CallRequest request, Deadline? deadline, CancellationToken caller)
    {
        var gauge = MessageGauge.For(Semantics.IsGrpc, _limits.MaxRequestMessageBytes, "Limits:MaxRequestMessageBytes");
        var refusal = Semantics.Check(request, out var timeout) ?? CheckSize(request, gauge);
        if (refusal is not null) return new CallResult(refusal);

        _retries.Called();
        var lifetime = new CallLifetime(deadline ?? DeadlineOf(request, timeout), time, caller);
        TimeSpan? seekingSince = null;
        for (var attempt = 1; ;)
        {
            var result = await AttemptAsync(request, gauge, lifetime, seekingSince, caller).ConfigureAwait(false);
            if (result.Response is not null) return result;
            if (IsForOthers(result.Failure!, request))
            {
                result = await ForwardAsync(result.Failure!, request, lifetime, caller).ConfigureAwait(false);

                // Nobody took it: a share that moves may be on its way here, or the next to have one be told of soon.
                if (result.Failure is { Code: FailureCode.ShareElsewhere } && request.CanRepeat)
                {
                    seekingSince ??= time.MonotonicNow();
                    continue;
                }
            }
            else if (attempt++ < retry.Attempts && IsWorthRepeating(result.Failure!, request) && TrySpendRetry())
            {
                continue;
            }

            lifetime.Dispose();
            if (Fallback is null || !IsForFallback(result.Failure, request)) return result;
            Totals.CountFallback();
            return await Fallback.CallAsync(request, lifetime.Deadline, caller).ConfigureAwait(false);
        }
    }

    /// <summary>What a call that ended without an answer says of the upstream's load.</summary>
    public static CallOutcome OutcomeOf(CallFailure failure) => failure.Code switch
    {
        FailureCode.DeadlineAtUpstream => CallOutcome.Dropped(DropKind.Timeout),

        // ENHANCE_YOUR_CALM, by the status that goes with it.
        FailureCode.UpstreamReset when failure.GrpcStatus == GrpcStatus.ResourceExhausted => CallOutcome.Dropped(DropKind.PushBack),
        FailureCode.UpstreamReset or FailureCode.UpstreamClosed => CallOutcome.Dropped(DropKind.Failure),
        _ => CallOutcome.Ignored,
    };

    private async ValueTask<CallResult> AttemptAsync(CallRequest request, MessageGauge? gauge, CallLifetime lifetime, TimeSpan? seekingSince, CancellationToken caller)
    {
        var admission = new Admission(lifetime.Deadline, Pool.CallerOf(request), MethodClasses.Of(request.Target), seekingSince, request);
        var admitted = await Pool.AcquireAsync(admission, caller).ConfigureAwait(false);
        if (admitted.Failure is not null) return new CallResult(admitted.Failure);

        WatchForStream(request, gauge, admitted.Lease);
        var result = await SendAsync(admitted.Lease, request, gauge, lifetime).ConfigureAwait(false);
        if (result.Failure is not null) Pool.Return(admitted.Lease, OutcomeOf(result.Failure));
        return result;
    }

    private Deadline DeadlineOf(CallRequest request, TimeSpan? timeout)
    {
        var allowed = request.TimeLeft ?? (request.IsForwarded ? null : timeout ?? _limits.DefaultDeadline);
        return allowed is { } span ? Deadline.After(span, time) : Deadline.None;
    }

    private bool TrySpendRetry()
    {
        var isAllowed = _retries.TrySpend();
        Totals.CountRetry(isAllowed);
        return isAllowed;
    }

    // Not here: others have the share, or this host is shutting down and they are not.
    private bool IsForOthers(CallFailure failure, CallRequest request) =>
        forwarding is not null && !request.IsForwarded && request.CanRepeat && failure.Code is (FailureCode.ShareElsewhere or FailureCode.Draining);

    private async ValueTask<CallResult> ForwardAsync(CallFailure refusal, CallRequest request, CallLifetime lifetime, CancellationToken caller)
    {
        var result = await forwarding!.ForwardAsync(Pool.Name, refusal.Holders, request, lifetime.Deadline, caller).ConfigureAwait(false);
        return result.Failure is { Code: FailureCode.ShareElsewhere } && refusal.Code == FailureCode.Draining ? new CallResult(refusal) : result;
    }

    // More than one message either way: how long it takes says nothing of the upstream, so it must not teach the limit. What is sent may come to its second
    // message long before there is an answer.
    private void WatchForStream(CallRequest request, MessageGauge? gauge, ChannelLease lease)
    {
        if (gauge is { Messages: > 1 } || Semantics.IsStream(request)) Pool.MarkStream(lease);
        else if (gauge is not null && request.BodyReader is not null) gauge.OnSecondMessage = () => Pool.MarkStream(lease);
    }

    private async ValueTask<CallResult> SendAsync(ChannelLease lease, CallRequest request, MessageGauge? gauge, CallLifetime lifetime)
    {
        var timeout = lifetime.Deadline.IsNone ? null : Semantics.Timeout(lifetime.Deadline.Remaining(time));
        try
        {
            var sent = await ((CallChannel)lease.Channel).SendAsync(request, new SendOptions(timeout, gauge), lifetime.Token).ConfigureAwait(false);
            if (sent.Response is null) return new CallResult(sent.Failure!);
            var responseGauge = MessageGauge.For(Semantics.IsGrpc, _limits.MaxResponseMessageBytes, "Limits:MaxResponseMessageBytes");
            return new CallResult(new PooledResponse(this, lease, MethodClasses.Of(request.Target), sent.Response, lifetime, responseGauge));
        }
        catch (OperationCanceledException)
        {
            return new CallResult(lifetime.Ended(Stage.Await));
        }
        catch (Exception e)
        {
            // Whatever it is, the lease must come back: a permit lost is lost for good.
            return new CallResult(new CallFailure(FailureCode.InternalError, $"{e.GetType().Name}: {e.Message}"));
        }
    }

    private static CallFailure? CheckSize(CallRequest request, MessageGauge? gauge) =>
        request.BodyReader is not null || gauge is null || gauge.Fits(request.Body.Span) ? null : gauge.TooLarge(FailureCode.RequestTooLarge);

    // No permit, no channel: it got no further than that. Where it came from another host, that one turns to its fallback; where this one shuts down, so does the fallback.
    // Where the share is elsewhere others take the call: in a client it goes through the cluster, which may fall back then.
    private static bool IsForFallback(CallFailure? failure, CallRequest request) =>
        failure is { IsRetryable: true, Stage: Stage.Admit or Stage.Connect, Code: not (FailureCode.Draining or FailureCode.ShareElsewhere) } && !request.IsForwarded && request.CanRepeat;

    // A rejection is the pool's own answer, given after the wait that was due: asking again at once would only jump the queue.
    private static bool IsWorthRepeating(CallFailure failure, CallRequest request) =>
        failure.IsRetryable && !failure.Traits.HasFlag(FailureTraits.Rejected) && failure.Stage is Stage.Send && request.CanRepeat;
}
