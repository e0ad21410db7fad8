using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace OrleansPool.Gateway.Metrics;

/// <summary>Collects when it is asked to, and writes what there is. One scrape at a time; thread-safe.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class ScrapeExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly Lock _gate = new();
    private ExpositionWriter? _writer;

    /// <summary>Set by the reader that it is given to.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>All metrics now; null when they cannot be collected, since the host is ending.</summary>
    public string? Scrape(ExpositionFormat format)
    {
        lock (_gate)
        {
            var writer = _writer = new ExpositionWriter(format);
            try
            {
                writer.Write(ParentProvider.GetResource());
                return Collect?.Invoke(Timeout.Infinite) == true ? writer.End() : null;
            }
            finally
            {
                _writer = null;
            }
        }
    }

    /// <inheritdoc />
    public override ExportResult Export(in Batch<Metric> batch)
    {
        // Whoever flushes the provider comes here, too, and wants no text.
        if (_writer is not { } writer) return ExportResult.Success;
        foreach (var metric in batch) writer.Write(metric);
        return ExportResult.Success;
    }
}
