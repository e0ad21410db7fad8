using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Transports.Http;

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
    private readonly MessageGauge? _requestGauge;
    private readonly MessageGauge? _gauge;
    private Verdict _verdict = Verdict.Ignored;
    private bool _isSettled;

    public PooledResponse(CallPipeline pipeline, ChannelLease lease, UpstreamResponse upstream, CallLifetime lifetime, MessageGauge? requestGauge, MessageGauge? gauge)
    {
        (_pipeline, _lease, _upstream, _lifetime, _requestGauge, _gauge) = (pipeline, lease, upstream, lifetime, requestGauge, gauge);
    }

    public override int Status => _upstream.Status;

    public override HeaderBlock Headers => _upstream.Headers;

    public override ValueTask<BodyRead> ReadAsync(Memory<byte> buffer)
    {
        var reading = _upstream.ReadAsync(buffer, _lifetime.Token);
        return reading.IsCompletedSuccessfully ? new(Passed(reading.GetAwaiter().GetResult(), buffer)) : AwaitReadAsync(reading, buffer);
    }

    // More than one message either way: how long it took says nothing of the upstream, so it must not teach the limit.
    private bool IsStream => _requestGauge is { Messages: > 1 } || _gauge is { Messages: > 1 };

    public override async ValueTask DisposeAsync()
    {
        // The call first, so that the channel is free of it before the next one gets the channel.
        await _upstream.DisposeAsync().ConfigureAwait(false);
        Settle();
        _lifetime.Dispose();
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
        else if (_gauge is not null && !_gauge.Fits(buffer.Span[..read.Count])) return Failed(_gauge.TooLarge(FailureCode.ResponseTooLarge));
        return read;
    }

    private void End()
    {
        Trailers = _upstream.Trailers;
        if (!IsStream) _verdict = _pipeline.Semantics.Judge(Status, Headers, Trailers);
        if (_upstream.IsRequestDone) Settle();
    }

    private BodyRead Failed(CallFailure failure)
    {
        _verdict = CallPipeline.VerdictOf(failure);
        return new BodyRead(failure);
    }

    private void Settle()
    {
        if (_isSettled) return;
        _isSettled = true;
        _pipeline.Pool.Return(_lease, new CallOutcome(_verdict));
    }
}
