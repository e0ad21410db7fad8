namespace OrleansPool.Bench.Load;

/// <summary>Workers that each make one call after the other: a fixed number of calls at once, whatever they cost.</summary>
public sealed class ClosedLoop(UnaryCall call, TimeProvider time)
{
    /// <summary>Runs one slice. A failed call ends it.</summary>
    /// <exception cref="CallFailedException">A call was not answered as it should have been.</exception>
    /// <exception cref="HttpRequestException">A call was not answered.</exception>
    public async Task<SliceResult> RunAsync(SliceOrder order)
    {
        var started = time.GetTimestamp();
        var until = started + (long)(order.Duration.TotalSeconds * time.TimestampFrequency);
        var workers = Enumerable.Range(0, order.Concurrency).Select(_ => Task.Run(() => WorkAsync(until)));
        var latencies = new LatencyHistogram();
        foreach (var worker in await Task.WhenAll(workers)) latencies.Add(worker);

        // The calls under way at the end are waited for and counted, so the time they took counts as well.
        var seconds = time.GetElapsedTime(started).TotalSeconds;
        return new SliceResult(latencies.Count, seconds, latencies.PercentileUs(0.50), latencies.PercentileUs(0.99));
    }

    private async Task<LatencyHistogram> WorkAsync(long until)
    {
        var latencies = new LatencyHistogram();
        var buffer = new byte[UnaryCall.BufferSize];
        for (var begun = time.GetTimestamp(); begun < until;)
        {
            await call.InvokeAsync(buffer);
            var ended = time.GetTimestamp();
            latencies.Record(time.GetElapsedTime(begun, ended));
            begun = ended;
        }

        return latencies;
    }
}
