using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Core.Budget;

/// <summary>Records how the budget answers a holder. Thread-safe.</summary>
internal sealed class RenewalRecorder(PoolMeter meter, string endpoint)
{
    private readonly KeyValuePair<string, object?>[] _tags = [new(MetricTags.Pool, endpoint)];

    /// <summary>A request was answered, or came to nothing.</summary>
    public void Asked(TimeSpan took, bool isAnswered)
    {
        if (isAnswered) meter.RenewalTime.Record(took.TotalSeconds, _tags);
        else meter.RenewalFailures.Add(1, _tags);
    }
}
