using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Pooling;

/// <summary>Records what becomes of an endpoint's connections. Called outside the pool's lock: whoever listens is somebody else's code. Thread-safe.</summary>
public sealed class ConnectionRecorder(PoolMeter meter, string endpoint)
{
    private readonly KeyValuePair<string, object?>[] _connected = [new(MetricTags.Pool, endpoint)];
    private readonly EnumTags<FailureCode> _failed = new(endpoint, MetricTags.ErrorType);
    private readonly EnumTags<CloseReason> _closed = new(endpoint, MetricTags.CloseReason);

    /// <summary>An attempt to connect ended; with a failure, or without.</summary>
    internal void Attempted(TimeSpan took, CallFailure? failure)
    {
        if (failure is not null) meter.ConnectFailures.Add(1, _failed[failure.Code]);
        meter.ConnectTime.Record(took.TotalSeconds, failure is null ? _connected : _failed[failure.Code]);
    }

    /// <summary>A connection closed.</summary>
    internal void Closed(CloseReason reason, TimeSpan age) => meter.Lifetime.Record(age.TotalSeconds, _closed[reason]);
}
