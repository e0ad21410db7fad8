namespace OrleansPool.Bench.Load;

/// <summary>
/// Workers that each make one call after the other: a fixed number of calls at once, whatever they cost. A worker keeps its caller, and with it a connection, from
/// slice to slice.
/// </summary>
public sealed class ClosedLoop(Func<Task<ICaller>> newCaller, TimeProvider time)
{
    private readonly List<ICaller> _callers = [];

    /// <summary>Runs one slice. A failed call ends it.</summary>
    /// <exception cref="CallFailedException">A call was not answered as it should have been.</exception>
    /// <exception cref="HttpRequestException">A call was not answered.</exception>
    /// <exception cref="IOException">A call was not answered, or a caller cannot connect.</exception>
    public async Task<SliceResult> RunAsync(SliceOrder order)
    {
        while (_callers.Count < order.Concurrency) _callers.Add(await newCaller());
        var started = time.GetTimestamp();
        var until = started + (long)(order.Duration.TotalSeconds * time.TimestampFrequency);
        var workers = _callers.Take(order.Concurrency).Select(caller => Task.Run(() => WorkAsync(caller, until)));
        var latencies = new LatencyHistogram();
        foreach (var worker in await Task.WhenAll(workers)) latencies.Add(worker);

        // The calls under way at the end are waited for and counted, so the time they took counts as well.
        var seconds = time.GetElapsedTime(started).TotalSeconds;
        return new SliceResult(latencies.Count, seconds, latencies.PercentileUs(0.50), latencies.PercentileUs(0.99));
    }

    private async Task<LatencyHistogram> WorkAsync(ICaller caller, long until)
    {
        var latencies = new LatencyHistogram();
        for (var begun = time.GetTimestamp(); begun < until;)
        {
            await caller.CallAsync();
            var ended = time.GetTimestamp();
            latencies.Record(time.GetElapsedTime(begun, ended));
            begun = ended;
        }

        return latencies;
    }
}
