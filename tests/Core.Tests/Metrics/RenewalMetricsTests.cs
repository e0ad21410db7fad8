using OrleansPool.Core.Budget;
using OrleansPool.Core.Tests.Budget;

namespace OrleansPool.Core.Tests.Metrics;

/// <summary>What is recorded of a holder's requests to its budget.</summary>
public sealed class RenewalMetricsTests : IDisposable
{
    private readonly RecordedMeter _meter = new();

    public void Dispose() => _meter.Dispose();

    [Fact]
    public async Task Request_IsRecordedWithItsTime_OrAsAFailure()
    {
        await using var loop = new RenewalUnderTest(_meter.Meter);
        loop.Renewal.Start();
        await Eventually.HoldsAsync(() => _meter.Of("orleanspool.lease.renewal.duration").Count == 1, "an answer");
        Assert.Empty(_meter.Of("orleanspool.lease.renewal.failures"));
        loop.Answer = _ => new((RenewReply?)null);
        await loop.PassUntil(() => _meter.Of("orleanspool.lease.renewal.failures").Count == 2, "two requests without an answer");
        Assert.Single(_meter.Of("orleanspool.lease.renewal.duration"));
    }
}
