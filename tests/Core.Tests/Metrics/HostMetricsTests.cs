using OrleansPool.Core.Tests.Hosting;

namespace OrleansPool.Core.Tests.Metrics;

/// <summary>What a host's endpoints, budgets and configuration are measured as.</summary>
public sealed class HostMetricsTests : IDisposable
{
    private readonly RunningHost _host = new("Pool:Max=30", "Pool:Min=2", "Limits:Max=25", "Limits:Initial=20");
    private readonly RecordedMeter _meter;

    public HostMetricsTests() => _meter = new RecordedMeter(_host.Meter);

    public void Dispose()
    {
        _meter.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task Endpoint_BeforeItsFirstShare_HasNothing_AndTheClusterItsCap()
    {
        await _host.MeasureAsync();
        Assert.Equal([(0, "idle http1"), (0, "used http1"), (0, "connecting http1"), (0, "draining http1")], _meter.Read("orleanspool.connection.count"));
        Assert.Equal([(0, "silo"), (30, "cluster")], _meter.Read("orleanspool.connection.max"));
        Assert.Equal([(2, "")], _meter.Read("orleanspool.connection.idle.min"));
        Assert.Empty(_meter.Read("orleanspool.stream.max"));
    }

    [Fact]
    public async Task Budget_WithAHolder_IsMeasured()
    {
        await _host.MeasureAsync();
        await _host.JoinAsync("a");
        Assert.Equal([(20, "adaptive")], _meter.Read("orleanspool.limit.current"));
        Assert.Equal([(1, "")], _meter.Read("orleanspool.lease.holders"));
        Assert.Equal([(1, "normal"), (0, "learning"), (0, "safe")], _meter.Read("orleanspool.lease.mode"));
        Assert.Empty(_meter.Read("orleanspool.limit.changes"));
    }

    [Fact]
    public async Task Change_OfTheLimit_IsCountedByDirectionAndReason()
    {
        await _host.MeasureAsync();
        await _host.ChangeAsync("Limits:Max=9", "Limits:Initial=9");
        Assert.Equal([(1, "down configured")], _meter.Read("orleanspool.limit.changes"));
    }

    [Fact]
    public async Task Configuration_AppliedAndRefused_IsCounted_AndHasAVersion()
    {
        await _host.ChangeAsync("Pool:Max=12", "Limits:Max=12", "Limits:Initial=12");
        await _host.ChangeAsync("Pool:Max=-1");
        Assert.Equal([(1, "applied"), (1, "refused")], _meter.Of("orleanspool.config.reloads"));
        Assert.Equal(2, Assert.Single(_meter.Read("orleanspool.config.version")).Value);
    }
}
