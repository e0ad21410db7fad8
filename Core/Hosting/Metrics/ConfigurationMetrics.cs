using System.Diagnostics.Metrics;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Core.Hosting.Metrics;

/// <summary>What became of changed configurations. Thread-safe.</summary>
internal sealed class ConfigurationMetrics
{
    private readonly TimeProvider _time;
    private readonly Counter<long> _reloads;
    private long _version = 1;
    private long _appliedAt;

    public ConfigurationMetrics(PoolMeter meter, TimeProvider time)
    {
        (_time, _appliedAt) = (time, time.GetUtcNow().ToUnixTimeSeconds());
        _reloads = meter.Meter.CreateCounter<long>("orleanspool.config.reloads", "{reload}", "Changed configurations, by what became of them.");
        meter.Meter.CreateObservableGauge("orleanspool.config.version", () => Interlocked.Read(ref _version), null, "1 for the configuration of the start, one more with each that was applied.");
        meter.Meter.CreateObservableGauge("orleanspool.config.last_success.timestamp", () => Interlocked.Read(ref _appliedAt), "s", "When the configuration in force was read, as Unix time.");
    }

    public void Applied()
    {
        Interlocked.Increment(ref _version);
        Interlocked.Exchange(ref _appliedAt, _time.GetUtcNow().ToUnixTimeSeconds());
        Count("applied");
    }

    public void Refused() => Count("refused");

    private void Count(string outcome) => _reloads.Add(1, new KeyValuePair<string, object?>(MetricTags.Outcome, outcome));
}
