using System.Diagnostics.Metrics;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Core.Hosting.Metrics;

/// <summary>What became of changed configurations. Thread-safe.</summary>
internal sealed class ConfigurationMetrics
{
    private readonly TimeProvider _time;
    private long _version = 1;
    private long _refused;
    private long _appliedAt;

    public ConfigurationMetrics(PoolMeter meter, TimeProvider time)
    {
        (_time, _appliedAt) = (time, time.GetUtcNow().ToUnixTimeSeconds());

        // From zero on, so that the first one is a change that can be alerted on.
        meter.Meter.CreateObservableCounter("orleanspool.config.reloads", Reloads, "{reload}", "Changed configurations, by what became of them.");
        meter.Meter.CreateObservableGauge("orleanspool.config.version", () => Interlocked.Read(ref _version), null, "1 for the configuration of the start, one more with each that was applied.");
        meter.Meter.CreateObservableGauge("orleanspool.config.last_success.timestamp", () => Interlocked.Read(ref _appliedAt), "s", "When the configuration in force was read, as Unix time.");
    }

    public void Applied()
    {
        Interlocked.Increment(ref _version);
        Interlocked.Exchange(ref _appliedAt, _time.GetUtcNow().ToUnixTimeSeconds());
    }

    public void Refused() => Interlocked.Increment(ref _refused);

    private Measurement<long>[] Reloads() => [Reading(Interlocked.Read(ref _version) - 1, "applied"), Reading(Interlocked.Read(ref _refused), "refused")];

    private static Measurement<long> Reading(long count, string outcome) => new(count, new KeyValuePair<string, object?>(MetricTags.Outcome, outcome));
}
