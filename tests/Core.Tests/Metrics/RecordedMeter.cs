using System.Diagnostics.Metrics;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Core.Tests.Metrics;

/// <summary>A meter, a test's own if it has none, with all that was recorded on it.</summary>
internal sealed class RecordedMeter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<(string Name, double Value, string Tags)> _recorded = [];

    public RecordedMeter(PoolMeter? meter = null)
    {
        Meter = meter ?? new PoolMeter(factory: null);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == Meter.Meter) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    public PoolMeter Meter { get; }

    /// <summary>Values of an instrument so far, with the values of their attributes but for the endpoint's name.</summary>
    public IReadOnlyList<(double Value, string Tags)> Of(string name)
    {
        lock (_recorded) return [.. _recorded.Where(each => each.Name == name).Select(each => (each.Value, each.Tags))];
    }

    /// <summary>The same, read now.</summary>
    public IReadOnlyList<(double Value, string Tags)> Read(string name)
    {
        lock (_recorded) _recorded.Clear();
        _listener.RecordObservableInstruments();
        return Of(name);
    }

    public void Dispose()
    {
        _listener.Dispose();
        Meter.Dispose();
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = string.Join(' ', tags.ToArray().Where(tag => tag.Key != MetricTags.Pool).Select(tag => tag.Value));
        lock (_recorded) _recorded.Add((instrument.Name, value, text));
    }
}
