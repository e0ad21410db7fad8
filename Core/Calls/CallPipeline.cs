using System.Runtime.CompilerServices;
using OrleansPool.Core.Calls.Hedging;
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
/// 3 send     on that channel, with the time that is left                 (what provably was not sent goes back to 2; where the answer is late, and the call may be
///                                                                         done twice, on one more channel beside)
/// 4 reply    the answer goes to the caller as it comes
/// 5 settle   the lease goes back with a verdict                          (last: a channel given back is somebody else's)
/// </code>
/// Thread-safe.
/// </summary>
internal sealed class CallPipeline
{
    private readonly RetryOptions _retry;
    private readonly RetryBudget _retries;
    private readonly Hedger? _hedger;
    private readonly IForwarding? _forwarding;
    private readonly TimeProvider _time;
    private volatile LimitsOptions _limits;

    public CallPipeline(
        ChannelPool pool, CallSemantics semantics, LimitsOptions limits, RetryOptions retry, TimeProvider time, IForwarding? forwarding = null, HedgingOptions? hedging = null)
    {
        (Pool, Semantics, _limits, _retry, _time, _forwarding) = (pool, semantics, limits, retry, time, forwarding);
        _retries = new RetryBudget(retry, time);
        if (hedging is { IsOn: true }) _hedger = new Hedger(hedging, pool, semantics, _retries, Totals, time);
    }

    public ChannelPool Pool { get; }

    public CallSemantics Semantics { get; }

    /// <summary>The time, as permits and calls are dated.</summary>
    public TimeSpan Now => _time.MonotonicNow();

    /// <summary>What became of calls beyond being sent once.</summary>
    public CallTotals Totals { get; } = new();

    /// <summary>What measures calls; null for nothing. Set before the first call.</summary>
    public CallRecorder? Recorder { get; set; }

    /// <summary>What traces calls; null for nothing. Set before the first call.</summary>
    public CallTracer? Tracer { get; set; }

    private bool IsRecording => Recorder is { IsOn: true };

    /// <summary>Who takes over the calls for which no permit or channel can be had; null for nobody. Set before the first call.</summary>
    public CallPipeline? Fallback { get; set; }

    /// <summary>Goes by these from now on; a call under way keeps the deadline it has.</summary>
    public void Adjust(PoolTuning tuning, LimitsOptions limits)
    {
        _limits = limits;
        Pool.Adjust(tuning);
    }

    public ValueTask<CallResult> CallAsync(CallRequest request, CancellationToken caller) =>
        Tracer is not null && CallTracer.IsOn ? TraceAsync(request, Tracer, caller) : CallAsync(request, null, caller);

    // An answer over a channel of this process ends the span itself; of one that another host has, that host's span tells the rest.
    private async ValueTask<CallResult> TraceAsync(CallRequest request, CallTracer tracer, CancellationToken caller)
    {
        var span = tracer.Begin(request);
        var result = await CallAsync(request, null, caller).ConfigureAwait(false);
        if (span is null) return result;
        if (result.Failure is not null) CallTracer.Failed(span, result.Failure.Code);
        else if (result.Response is not PooledResponse) CallTracer.HandedOn(span);
        return result;
    }

    // The deadline is that of a call taken over from another endpoint; null for one that begins here.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<CallResult> CallAsync(CallRequest request, Deadline? deadline, CancellationToken caller)
    {
        request.CameAt = IsRecording ? Now : default;
        var gauge = MessageGauge.For(Semantics.IsGrpc, _limits.MaxRequestMessageBytes, "Limits:MaxRequestMessageBytes");
        var refusal = Semantics.Check(request, out var timeout) ?? CheckSize(request, gauge);
        if (refusal is not null) return Failed(request, refusal);

        _retries.Called();
        var lifetime = new CallLifetime(deadline ?? DeadlineOf(request, timeout), _time, caller);
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
                    seekingSince ??= _time.MonotonicNow();
                    continue;
                }
            }
            else if (attempt++ < _retry.Attempts && IsWorthRepeating(result.Failure!, request) && TrySpendRetry())
            {
                continue;
            }

            lifetime.Dispose();
            if (result.Failure is not { } failure) return result;
            if (Fallback is null || !IsForFallback(failure, request)) return Failed(request, failure);
            Totals.CountFallback();
            return await Fallback.CallAsync(request, lifetime.Deadline, caller).ConfigureAwait(false);
        }
    }

    /// <summary>True for a call that is sent once more when its answer is late, if its body is here whole.</summary>
    public bool MayHedge(string method, string target, HeaderBlock headers) =>
        _hedger is not null && _hedger.Covers(new CallRequest { Method = method, Target = target, Headers = headers });

    /// <summary>The upstream answered that it has too much to do.</summary>
    public void PushedBack(HeaderBlock headers, HeaderBlock trailers) => _hedger?.PushedBack(headers, trailers);

    /// <summary>What a call that ended without an answer says of the upstream's load.</summary>
    public static CallOutcome OutcomeOf(CallFailure failure) => failure.Code switch
    {
        FailureCode.DeadlineAtUpstream => CallOutcome.Dropped(DropKind.Timeout),

        // ENHANCE_YOUR_CALM, by the status that goes with it.
        FailureCode.UpstreamReset when failure.GrpcStatus == GrpcStatus.ResourceExhausted => CallOutcome.Dropped(DropKind.PushBack),
        FailureCode.UpstreamReset or FailureCode.UpstreamClosed => CallOutcome.Dropped(DropKind.Failure),
        _ => CallOutcome.Ignored,
    };

    private ValueTask<CallResult> AttemptAsync(CallRequest request, MessageGauge? gauge, CallLifetime lifetime, TimeSpan? seekingSince, CancellationToken caller)
    {
        var methodClass = MethodClasses.Of(request.Target);
        var askedAt = IsRecording ? Now : default;
        var admission = new Admission(lifetime.Deadline, Pool.CallerOf(request), methodClass, seekingSince, request);
        var admitting = request.Span is null ? Pool.AcquireAsync(admission, caller) : AcquireTracedAsync(admission, caller);
        return admitting.IsCompletedSuccessfully
            ? SendAsync(admitting.GetAwaiter().GetResult(), askedAt, methodClass, request, gauge, lifetime)
            : AwaitAdmissionAsync(admitting, askedAt, methodClass, request, gauge, lifetime);
    }

    // The span is there before the wait, so that a connection which is opened for the call belongs to it.
    private async ValueTask<AcquireResult> AcquireTracedAsync(Admission admission, CancellationToken caller)
    {
        var wait = Tracer?.BeginWait();
        var admitting = Pool.AcquireAsync(admission, caller);
        if (wait is null || (admitting.IsCompleted && !CallTracer.HasCaused(wait))) return await admitting.ConfigureAwait(false);
        var admitted = await admitting.ConfigureAwait(false);
        CallTracer.EndWait(wait, admitted.Failure);
        return admitted;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<CallResult> AwaitAdmissionAsync(ValueTask<AcquireResult> admitting, TimeSpan askedAt, int methodClass, CallRequest request, MessageGauge? gauge, CallLifetime lifetime)
    {
        var admitted = await admitting.ConfigureAwait(false);
        return await SendAsync(admitted, askedAt, methodClass, request, gauge, lifetime).ConfigureAwait(false);
    }

    private ValueTask<CallResult> SendAsync(in AcquireResult admitted, TimeSpan askedAt, int methodClass, CallRequest request, MessageGauge? gauge, CallLifetime lifetime)
    {
        if (askedAt != default) Recorder!.Waited((admitted.Failure is null ? admitted.Lease.Since : Now) - askedAt, admitted.Failure);
        if (admitted.Failure is not null) return new(new CallResult(admitted.Failure));
        return _hedger?.Covers(request) is true
            ? HedgeAsync(admitted.Lease, methodClass, request, gauge, lifetime)
            : SendAsync(admitted.Lease, methodClass, request, gauge, lifetime, isAlone: true);
    }

    private ValueTask<CallResult> HedgeAsync(ChannelLease first, int methodClass, CallRequest request, MessageGauge? gauge, CallLifetime lifetime) =>
        new HedgedCall(_hedger!, request, (lease, own) => SendAsync(lease, methodClass, request, gauge, own, isAlone: false), lifetime, _time).RunAsync(first);

    private CallResult Failed(CallRequest request, CallFailure failure)
    {
        if (request.CameAt != default) Recorder!.Failed(Now - request.CameAt, failure);
        return new CallResult(failure);
    }

    private Deadline DeadlineOf(CallRequest request, TimeSpan? timeout)
    {
        var allowed = request.TimeLeft ?? (request.IsForwarded ? null : timeout ?? _limits.DefaultDeadline);
        return allowed is { } span ? Deadline.After(span, _time) : Deadline.None;
    }

    private bool TrySpendRetry()
    {
        var isAllowed = _retries.TrySpend();
        Totals.CountRetry(isAllowed);
        return isAllowed;
    }

    // Not here: others have the share, or this host is shutting down and they are not.
    private bool IsForOthers(CallFailure failure, CallRequest request) =>
        _forwarding is not null && !request.IsForwarded && request.CanRepeat && failure.Code is (FailureCode.ShareElsewhere or FailureCode.Draining);

    private async ValueTask<CallResult> ForwardAsync(CallFailure refusal, CallRequest request, CallLifetime lifetime, CancellationToken caller)
    {
        var result = await _forwarding!.ForwardAsync(Pool.Name, refusal.Holders, request, lifetime.Deadline, caller).ConfigureAwait(false);
        return result.Failure is { Code: FailureCode.ShareElsewhere } && refusal.Code == FailureCode.Draining ? new CallResult(refusal) : result;
    }

    // More than one message either way: how long it takes says nothing of the upstream, so it must not teach the limit. What is sent may come to its second
    // message long before there is an answer.
    private void WatchForStream(CallRequest request, MessageGauge? gauge, ChannelLease lease)
    {
        if (gauge is { Messages: > 1 } || Semantics.IsStream(request)) Pool.MarkStream(lease);
        else if (gauge is not null && request.BodyReader is not null) MarkWithSecondMessage(gauge, lease);
    }

    // Apart, so that nothing is captured for the many calls that need none of it.
    private void MarkWithSecondMessage(MessageGauge gauge, ChannelLease lease) => gauge.OnSecondMessage = () => Pool.MarkStream(lease);

    // The lease goes back here with a failure, else with the end of the answer.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<CallResult> SendAsync(ChannelLease lease, int methodClass, CallRequest request, MessageGauge? gauge, CallLifetime lifetime, bool isAlone)
    {
        WatchForStream(request, gauge, lease);
        var timeout = lifetime.Deadline.IsNone ? null : Semantics.Timeout(lifetime.Deadline.Remaining(_time));
        CallFailure failure;
        try
        {
            var sent = await ((CallChannel)lease.Channel).SendAsync(request, new SendOptions(timeout, gauge, isAlone), lifetime.Token).ConfigureAwait(false);
            if (sent.Response is not null) return new CallResult(Answer(lease, methodClass, request, sent.Response, lifetime));
            failure = sent.Failure!;
        }
        catch (OperationCanceledException)
        {
            failure = lifetime.Ended(Stage.Await);
        }
        catch (Exception e)
        {
            // Whatever it is, the lease must come back: a permit lost is lost for good.
            failure = new CallFailure(FailureCode.InternalError, $"{e.GetType().Name}: {e.Message}");
        }

        Pool.Return(lease, OutcomeOf(failure));
        if (IsRecording) Recorder!.Used(Now - lease.Since);
        if (request.Span is not null) CallTracer.Sent(request.Span, lease);
        return new CallResult(failure);
    }

    private PooledResponse Answer(ChannelLease lease, int methodClass, CallRequest request, UpstreamResponse response, CallLifetime lifetime)
    {
        var gauge = MessageGauge.For(Semantics.IsGrpc, _limits.MaxResponseMessageBytes, "Limits:MaxResponseMessageBytes");
        return new PooledResponse(this, lease, methodClass, request, response, lifetime, gauge);
    }

    private static CallFailure? CheckSize(CallRequest request, MessageGauge? gauge) =>
        request.BodyReader is not null || gauge is null || (request.Content is { } content ? gauge.Fits(content) : gauge.Fits(request.Body.Span))
            ? null
            : gauge.TooLarge(FailureCode.RequestTooLarge);

    // No permit, no channel: it got no further than that. Where it came from another host, that one turns to its fallback; where this one shuts down, so does the fallback.
    // Where the share is elsewhere others take the call: in a client it goes through the cluster, which may fall back then.
    private static bool IsForFallback(CallFailure? failure, CallRequest request) =>
        failure is { IsRetryable: true, Stage: Stage.Admit or Stage.Connect, Code: not (FailureCode.Draining or FailureCode.ShareElsewhere) } && !request.IsForwarded && request.CanRepeat;

    // A rejection is the pool's own answer, given after the wait that was due: asking again at once would only jump the queue.
    private static bool IsWorthRepeating(CallFailure failure, CallRequest request) =>
        failure.IsRetryable && !failure.Traits.HasFlag(FailureTraits.Rejected) && failure.Stage is Stage.Send && request.CanRepeat;
}
