using System.Diagnostics;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Calls;

/// <summary>
/// An answer that comes over a channel of this process. Its lease goes back to the pool the moment the body ends, or with disposal, which resets the call
/// upstream when the body has not ended.
/// </summary>
internal sealed class PooledResponse : CallResponse
{
    private readonly CallPipeline _pipeline;
    private readonly ChannelLease _lease;
    private readonly UpstreamResponse _upstream;
    private readonly CallLifetime _lifetime;
    private readonly MessageGauge? _gauge;
    private readonly CallRequest _request;
    private readonly int _methodClass;
    private CallOutcome _outcome = CallOutcome.Ignored;
    private FailureCode? _failure;
    private HeaderBlock? _trailers;
    private bool _hasEnded;
    private bool _isUnwanted;
    private bool _isSettled;

    public PooledResponse(CallPipeline pipeline, ChannelLease lease, int methodClass, CallRequest request, UpstreamResponse upstream, CallLifetime lifetime, MessageGauge? gauge)
    {
        (_pipeline, _lease, _methodClass, _request, _upstream, _lifetime, _gauge) = (pipeline, lease, methodClass, request, upstream, lifetime, gauge);
        if (pipeline.Semantics.IsStream(upstream)) pipeline.Pool.MarkStream(lease);
    }

    public override int Status => _upstream.Status;

    public override HeaderBlock Headers => _upstream.Headers;

    public override HeaderBlock Trailers => _hasEnded ? _trailers ??= _upstream.Trailers : new HeaderBlock(0);

    public override HttpResponseMessage? Message => _upstream.Message;

    public override ValueTask<BodyRead> ReadAsync(Memory<byte> buffer)
    {
        var reading = _upstream.ReadAsync(buffer, _lifetime.Token);
        return reading.IsCompletedSuccessfully ? new(Passed(reading.GetAwaiter().GetResult(), buffer)) : AwaitReadAsync(reading, buffer);
    }

    public override async Task WhenRequestDoneAsync() => await _upstream.WhenRequestDoneAsync().WaitAsync(_lifetime.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public override async ValueTask DisposeAsync()
    {
        if (!_hasEnded && !_isSettled && _failure is null) Leave();

        // The call first, so that the channel is free of it before the next one gets the channel.
        await _upstream.DisposeAsync().ConfigureAwait(false);
        Settle();
        _lifetime.Dispose();
    }

    /// <summary>How it counts as dropped, by what of it is here.</summary>
    public DropKind JudgeSoFar() => _pipeline.Semantics.Judge(_upstream);

    /// <summary>Nobody wants the answer after all. It teaches something only where its head says that the call was not done.</summary>
    public async Task DiscardAsync()
    {
        _isUnwanted = true;
        await DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<BodyRead> AwaitReadAsync(ValueTask<BodyRead> reading, Memory<byte> buffer)
    {
        try
        {
            return Passed(await reading.ConfigureAwait(false), buffer);
        }
        catch (OperationCanceledException)
        {
            return Failed(_lifetime.Ended(Stage.Receive));
        }
    }

    private BodyRead Passed(BodyRead read, Memory<byte> buffer)
    {
        if (read.Failure is not null) return Failed(read.Failure);
        if (read.IsEnd) End();
        else if (_gauge is not null) return Measured(read, _gauge, buffer.Span[..read.Count]);
        return read;
    }

    private BodyRead Measured(BodyRead read, MessageGauge gauge, ReadOnlySpan<byte> bytes)
    {
        var wasStream = gauge.Messages > 1;
        if (!gauge.Fits(bytes)) return Failed(gauge.TooLarge(FailureCode.ResponseTooLarge));
        if (!wasStream && gauge.Messages > 1) _pipeline.Pool.MarkStream(_lease);
        return read;
    }

    private void End()
    {
        _hasEnded = true;
        Judge(unlessDropped: Success);
        if (_upstream.IsRequestDone) Settle();
    }

    // Whoever is told all by the head reads no further; and of a body that is broken off the head may say that the call was not done.
    private void Leave()
    {
        _hasEnded = !_isUnwanted && _pipeline.Semantics.IsWhole(_upstream);
        Judge(unlessDropped: _hasEnded ? Success : CallOutcome.Ignored);
    }

    private CallOutcome Success => new(Verdict.Success, MethodClass: _methodClass);

    private void Judge(CallOutcome unlessDropped)
    {
        var drop = JudgeSoFar();
        _outcome = drop == DropKind.None ? unlessDropped : CallOutcome.Dropped(drop);
        if (drop == DropKind.PushBack) _pipeline.PushedBack(Headers, _upstream.Trailers);
    }

    private BodyRead Failed(CallFailure failure)
    {
        _failure = failure.Code;
        _outcome = CallPipeline.OutcomeOf(failure);
        return new BodyRead(failure);
    }

    private void Settle()
    {
        if (_isSettled) return;
        _isSettled = true;
        _pipeline.Pool.Return(_lease, _outcome);
        if (_request.Span is { } span && !_isUnwanted) Trace(span);
        else Record();
    }

    // Under the call's span, so that its durations are examples that lead to it.
    private void Trace(Activity span)
    {
        var ambient = Activity.Current;
        Activity.Current = span;
        Record();
        CallTracer.Sent(span, _lease);
        if (_failure is null && _hasEnded) _pipeline.Tracer!.Answered(span, _pipeline.Semantics.StatusOf(_upstream));
        else CallTracer.Failed(span, _failure ?? FailureCode.CallerCancelled);
        Activity.Current = ambient;
    }

    private void Record()
    {
        if (_request.CameAt == default || _pipeline.Recorder is not { } recorder) return;
        var now = _pipeline.Now;
        var (took, use) = (now - _request.CameAt, now - _lease.Since);
        if (_isUnwanted) recorder.Used(use);
        else if (_failure is null && _hasEnded) recorder.Answered(took, use, _pipeline.Semantics.StatusOf(_upstream));
        else recorder.Broken(took, use, _failure ?? FailureCode.CallerCancelled);
    }
}
