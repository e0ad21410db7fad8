using System.Collections.Concurrent;
using System.Diagnostics;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Testing;

/// <summary>A caller's span, and all that becomes of it in this process: spans of other tests are left out.</summary>
public sealed class TraceUnderTest : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _ended = new();

    /// <summary>Listens from now on.</summary>
    public TraceUnderTest()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PoolTraces.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> span) => span.TraceId == Trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The trace.</summary>
    public ActivityTraceId Trace { get; } = ActivityTraceId.CreateRandom();

    /// <summary>The caller's span in it.</summary>
    public ActivitySpanId Caller { get; } = ActivitySpanId.CreateRandom();

    /// <summary>What the caller says.</summary>
    public string Parent => $"00-{Trace}-{Caller}-01";

    /// <summary>What has ended, in that order.</summary>
    public IReadOnlyList<Activity> Ended => [.. _ended];

    /// <summary>All that has ended once so many have.</summary>
    public async Task<IReadOnlyList<Activity>> EndedAsync(int count)
    {
        await Eventually.HoldsAsync(() => _ended.Count >= count, $"{count} spans to end");
        return Ended;
    }

    /// <inheritdoc />
    public void Dispose() => _listener.Dispose();
}
