using System.Diagnostics.Metrics;

namespace OrleansPool.Core.Diagnostics;

/// <summary>
/// The meter of this process's pools, and the instruments that are told of things as they happen; those that are read when somebody collects are made where the
/// facts are. docs/metrics.md has all of them. Thread-safe.
/// </summary>
public sealed class PoolMeter : IDisposable
{
    /// <summary>Its name, for whoever collects.</summary>
    public const string Name = "OrleansPool";

    // A wait is often next to nothing, and may be as long as callers allow.
    private static readonly double[] _waitBuckets = [.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10];

    // OpenTelemetry's semantic conventions for calls.
    private static readonly double[] _callBuckets = [.005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10];

    // Those of .NET's http.client.connection.duration.
    private static readonly double[] _lifeBuckets = [.01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 30, 60, 120, 300, 1800];

    private readonly Meter? _own;

    /// <summary>Makes the meter.</summary>
    /// <param name="factory">The host's, which also ends it; null for a host without one.</param>
    public PoolMeter(IMeterFactory? factory)
    {
        Meter = factory?.Create(Name) ?? (_own = new Meter(Name));
        ConnectTime = Histogram("orleanspool.connection.create_time", "How long attempts to open a connection took, TLS and the peer's first settings included.", _callBuckets);
        Lifetime = Histogram("orleanspool.connection.duration", "How long connections were open, by why they closed.", _lifeBuckets);
        RenewalTime = Histogram("orleanspool.lease.renewal.duration", "How long answers of the budget took.", _waitBuckets);
        WaitTime = Histogram("orleanspool.connection.wait_time", "How long calls waited for a permit and a connection, next to nothing where both were free.", _waitBuckets);
        UseTime = Histogram("orleanspool.connection.use_time", "How long calls had their connection, alone or with others.", _callBuckets);
        CallTime = Histogram("rpc.client.call.duration", "How long calls took, from their arrival to the end of their answer.", _callBuckets);
        Rejections = Meter.CreateCounter<long>("orleanspool.request.rejected", "{request}", "Calls that were turned away to protect pool or upstream, by why.");
        ConnectFailures = Meter.CreateCounter<long>("orleanspool.connection.failures", "{failure}", "Attempts to open a connection that failed, by what failed.");
        RenewalFailures = Meter.CreateCounter<long>("orleanspool.lease.renewal.failures", "{failure}", "Requests that the budget did not answer, or could not then.");
    }

    /// <summary>Makes instruments.</summary>
    public Meter Meter { get; }

    internal Histogram<double> WaitTime { get; }

    internal Histogram<double> UseTime { get; }

    internal Histogram<double> CallTime { get; }

    internal Counter<long> Rejections { get; }

    internal Histogram<double> ConnectTime { get; }

    internal Histogram<double> Lifetime { get; }

    internal Histogram<double> RenewalTime { get; }

    internal Counter<long> ConnectFailures { get; }

    internal Counter<long> RenewalFailures { get; }

    /// <inheritdoc />
    public void Dispose() => _own?.Dispose();

    private Histogram<double> Histogram(string name, string description, double[] buckets) =>
        Meter.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets });
}
