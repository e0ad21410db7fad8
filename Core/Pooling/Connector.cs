using System.Diagnostics;
using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Transports;
using Polly;
using Polly.Retry;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// Opens a channel to one of an endpoint's addresses: a few attempts, each at an address that seems alive, each bounded in time, with jittered
/// delays when there is no other address to turn to. Never throws.
/// </summary>
internal sealed class Connector
{
    private static readonly ResiliencePropertyKey<Attempt> _attempt = new("attempt");

    private readonly ITransport _transport;
    private readonly HostSet _hosts;
    private readonly PoolOptions _options;
    private readonly TimeProvider _time;
    private readonly ConnectionRecorder? _recorder;
    private readonly ResiliencePipeline<ConnectResult> _retry;

    public Connector(ITransport transport, HostSet hosts, PoolOptions options, TimeProvider time, ConnectionRecorder? recorder)
    {
        (_transport, _hosts, _options, _time, _recorder) = (transport, hosts, options, time, recorder);
        var builder = new ResiliencePipelineBuilder<ConnectResult> { TimeProvider = time };
        if (options.ConnectAttempts > 1)
        {
            builder.AddRetry(new RetryStrategyOptions<ConnectResult>
            {
                MaxRetryAttempts = options.ConnectAttempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.ConnectRetryDelay,
                // Null keeps the backoff; another living address needs none.
                DelayGenerator = args => new(_hosts.AnyAvailableBut(args.Context.Properties.GetValue(_attempt, null!).Host) ? TimeSpan.Zero : null),

                // Once the last address is being left alone there is nothing to wait for: the callers are told what happened.
                ShouldHandle = args => new(args.Outcome.Result.Failure is { Code: not (FailureCode.CircuitOpen or FailureCode.NoAddress) } && _hosts.AnyAvailable),
            });
        }

        _retry = builder.Build();
    }

    /// <summary>The channel and the host it leads to, which stays counted as connected; or a failure, and nothing is counted.</summary>
    /// <param name="cause">The span that waits for it; none for one that nobody waits for.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<(UpstreamHost? Host, ConnectResult Result)> ConnectAsync(ActivityContext cause, CancellationToken cancellation)
    {
        var attempt = new Attempt { Cause = cause };
        var context = ResilienceContextPool.Shared.Get(cancellation);
        context.Properties.Set(_attempt, attempt);
        try
        {
            var result = await _retry.ExecuteAsync(static (c, s) => s.self.TryOnceAsync(s.attempt, c.CancellationToken), context, (self: this, attempt)).ConfigureAwait(false);
            return (result.Channel is null ? null : attempt.Host, result);
        }
        catch (OperationCanceledException)
        {
            return (null, ConnectResult.Failed(new CallFailure(FailureCode.Draining, "The pool closed while a channel was being opened.")));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>One attempt at that host, which stays counted as connected when it succeeds. A cancelled token throws.</summary>
    public ValueTask<ConnectResult> ConnectToAsync(UpstreamHost host, CancellationToken cancellation)
    {
        _hosts.Claim(host);
        return ConnectClaimedAsync(host, default, cancellation);
    }

    private async ValueTask<ConnectResult> TryOnceAsync(Attempt attempt, CancellationToken cancellation)
    {
        if (!_hosts.TryChoose(attempt.Host, out var host)) return ConnectResult.Failed(_hosts.NoneAvailable(attempt.LastFailure));
        attempt.Host = host;
        var result = await ConnectClaimedAsync(host, attempt.Cause, cancellation).ConfigureAwait(false);
        attempt.LastFailure = result.Failure;
        return result;
    }

    private async ValueTask<ConnectResult> ConnectClaimedAsync(UpstreamHost host, ActivityContext cause, CancellationToken cancellation)
    {
        var connected = false;
        try
        {
            var result = await host.ConnectAsync((address, token) => ConnectRecordedAsync(address, cause, token), cancellation).ConfigureAwait(false);
            connected = result.Channel is not null;
            return result;
        }
        finally
        {
            if (!connected) _hosts.Release(host);
        }
    }

    private async ValueTask<ConnectResult> ConnectRecordedAsync(ResolvedAddress address, ActivityContext cause, CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        var span = PoolTraces.StartApart("connect", cause, address.Configured.Host, address.Configured.Port);
        var result = span is null
            ? await ConnectInTimeAsync(address, cancellation).ConfigureAwait(false)
            : await ConnectTracedAsync(address, span, cancellation).ConfigureAwait(false);
        _recorder?.Attempted(_time.GetElapsedTime(began), result.Failure);
        return result;
    }

    private async ValueTask<ConnectResult> ConnectTracedAsync(ResolvedAddress address, Activity span, CancellationToken cancellation)
    {
        var error = MetricTags.ValueOf(FailureCode.Draining);
        try
        {
            var result = await ConnectInTimeAsync(address, cancellation).ConfigureAwait(false);
            error = result.Failure is null ? null : MetricTags.ValueOf(result.Failure.Code);
            return result;
        }
        finally
        {
            PoolTraces.End(span, error);
        }
    }

    private async ValueTask<ConnectResult> ConnectInTimeAsync(ResolvedAddress address, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(_options.ConnectTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            return await _transport.ConnectAsync(address, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ConnectResult.Failed(new CallFailure(FailureCode.ConnectTimeout,
                $"{address} did not answer within Pool:ConnectTimeout = {_options.ConnectTimeout}."));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return ConnectResult.Failed(new CallFailure(FailureCode.InternalError, $"Connecting to {address} failed in an unforeseen way: {e.Message}"));
        }
    }

    private sealed class Attempt
    {
        public ActivityContext Cause { get; init; }

        public UpstreamHost? Host { get; set; }

        public CallFailure? LastFailure { get; set; }
    }
}
