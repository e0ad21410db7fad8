using System.Diagnostics.Metrics;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Cluster.Tests.Local;

/// <summary>What somebody who collects sees of a process's pools. Thread-safe.</summary>
internal sealed class RecordedMetrics : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly HashSet<string> _instruments = new(StringComparer.Ordinal);
    private readonly HashSet<string> _measured = new(StringComparer.Ordinal);
    private readonly HashSet<string> _scopes = new(StringComparer.Ordinal);

    public RecordedMetrics(PoolMeter process)
    {
        var meter = process.Meter;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter != meter) return;
            lock (_gate) _instruments.Add(instrument.Name);
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Note(instrument, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        _listener.Start();
    }

    /// <summary>Names of all instruments.</summary>
    public IReadOnlySet<string> Instruments => Copy(_instruments);

    /// <summary>Names of those that were measured.</summary>
    public ISet<string> Measured => Copy(_measured);

    /// <summary>The scopes that maxima were told for.</summary>
    public IReadOnlySet<string> Scopes => Copy(_scopes);

    /// <summary>Asks those that are read when somebody collects.</summary>
    public void Collect() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private HashSet<string> Copy(HashSet<string> set)
    {
        lock (_gate) return [.. set];
    }

    private void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_gate)
        {
            _measured.Add(instrument.Name);
            foreach (var (key, value) in tags)
            {
                if (key == "orleanspool.limit.scope") _scopes.Add(value!.ToString()!);
            }
        }
    }
}
