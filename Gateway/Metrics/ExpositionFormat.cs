namespace OrleansPool.Gateway.Metrics;

/// <summary>How metrics are written for whoever scrapes them.</summary>
internal enum ExpositionFormat
{
    /// <summary>Prometheus' text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/).</summary>
    Text,

    /// <summary>OpenMetrics 1.0 (https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md): units, exemplars, and an end that tells it is all here.</summary>
    OpenMetrics,
}
