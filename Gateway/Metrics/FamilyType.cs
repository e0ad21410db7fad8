namespace OrleansPool.Gateway.Metrics;

/// <summary>What a metric is to Prometheus.</summary>
internal enum FamilyType
{
    /// <summary>It only grows.</summary>
    Counter,

    /// <summary>It goes up and down.</summary>
    Gauge,

    /// <summary>Counts of values below each of some bounds, and their sum.</summary>
    Histogram,
}
