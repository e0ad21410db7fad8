using Microsoft.Extensions.Logging;
using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Pooling;

/// <summary>What a pool writes to the log.</summary>
internal sealed partial class PoolLog(ILogger logger, string endpoint)
{
    private readonly ILogger _logger = logger;

    public void ConnectFailed(CallFailure failure) => ConnectFailed(endpoint, failure.Code, failure.Detail);

    public void DrainCut(int channels, TimeSpan bound) => DrainCut(endpoint, channels, bound);

    public void StrayReturn() => StrayReturn(endpoint);

    public void Leak(HeldLease lease) => Leak(endpoint, lease.Method, lease.Caller, lease.TraceId, lease.Address, lease.HeldFor);

    [LoggerMessage(EventIds.Leak, LogLevel.Warning,
        "{Endpoint}: a lease has been held for {HeldFor} by {Method} of {Caller}, trace {TraceId}, at {Address}. Look whether the caller reads and disposes its answers; raise Pool:LeakThreshold if calls may last as long")]
    private partial void Leak(string endpoint, string method, string caller, string traceId, string address, TimeSpan heldFor);

    [LoggerMessage(EventIds.ConnectFailed, LogLevel.Warning, "{Endpoint}: no channel could be opened: {Code}. {Detail}")]
    private partial void ConnectFailed(string endpoint, FailureCode code, string detail);

    [LoggerMessage(EventIds.DrainCut, LogLevel.Warning, "{Endpoint}: closing {Channels} channels with calls in flight: the drain's bound of {Bound} is over")]
    private partial void DrainCut(string endpoint, int channels, TimeSpan bound);

    [LoggerMessage(EventIds.StrayReturn, LogLevel.Error, "{Endpoint}: a lease was given back twice or to the wrong pool; this is a bug, please report it")]
    private partial void StrayReturn(string endpoint);
}
