using OrleansPool.Core.Model;

namespace OrleansPool.Core.Hosting.Metrics;

/// <summary>What several instruments are read from, taken once for all that are collected together, so that their values fit to each other. Thread-safe.</summary>
internal sealed class Readings<T>(Func<IReadOnlyList<T>> take, TimeProvider time)
{
    // One collection reads all instruments within less; two collections are seconds apart.
    private static readonly TimeSpan _lasts = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private IReadOnlyList<T>? _taken;
    private TimeSpan _takenAt;

    public IReadOnlyList<T> Now
    {
        get
        {
            lock (_gate)
            {
                var now = time.MonotonicNow();
                if (_taken is null || now - _takenAt >= _lasts) (_taken, _takenAt) = (take(), now);
                return _taken;
            }
        }
    }
}
