using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Tests.Pooling;

namespace OrleansPool.Core.Tests.Metrics;

/// <summary>What is recorded of connections as they come and go.</summary>
public sealed class ConnectionMetricsTests : IDisposable
{
    private readonly RecordedMeter _meter = new();

    public void Dispose() => _meter.Dispose();

    [Fact]
    public async Task Connection_IsRecordedWithTheTimeItTook_ThenWithItsAgeAndWhyItClosed()
    {
        var test = new PoolUnderTest(meter: _meter.Meter);
        var waiting = test.Acquire();
        var attempt = await test.Attempt();
        test.Clock.Advance(TimeSpan.FromMilliseconds(200));
        var channel = attempt.Succeed();
        test.Pool.Return(await waiting.Granted(), Outcome.Good);
        Assert.Equal([(0.2, "")], _meter.Of("orleanspool.connection.create_time"));
        Assert.Empty(_meter.Of("orleanspool.connection.duration"));

        test.Clock.Advance(TimeSpan.FromSeconds(3));
        channel.Break();
        Assert.Equal([(3, "lost")], _meter.Of("orleanspool.connection.duration"));
        Assert.Empty(_meter.Of("orleanspool.connection.failures"));
    }

    [Fact]
    public async Task Attempt_ThatFails_IsRecordedByItsCode()
    {
        var test = new PoolUnderTest(pool: options => options.ConnectAttempts = 1, meter: _meter.Meter);
        var waiting = test.Acquire();
        (await test.Attempt()).Fail(FailureCode.TlsFailed);
        await waiting.Refused(FailureCode.TlsFailed);
        Assert.Equal([(1, "tls_failed")], _meter.Of("orleanspool.connection.failures"));
        Assert.Equal("tls_failed", Assert.Single(_meter.Of("orleanspool.connection.create_time")).Tags);
    }
}
