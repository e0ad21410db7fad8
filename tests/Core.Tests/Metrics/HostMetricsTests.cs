using OrleansPool.Core.Budget;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Hosting.Metrics;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;
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

    [Theory]
    [InlineData(BudgetMode.Learning, 1)]
    [InlineData(BudgetMode.Safe, 0)]
    public void Budget_ThatMayNotAnswer_IsLeftToItsSuccessor_ButForItsMode(BudgetMode mode, int measured)
    {
        using var meter = new RecordedMeter();
        var view = new BudgetView
        {
            Endpoint = "billing", Mode = mode, Epoch = 1, Limit = 20, Reason = LimitReason.Hold, LimitMode = LimitMode.Enforce, Cap = 30, ConnectionsTaken = 5, Overcommit = 1,
            Baseline = TimeSpan.Zero, Changes = [], Holders = [], Now = TimeSpan.Zero,
        };
        _ = new BudgetMetrics(meter.Meter, new EndpointDirectory([]), new Authority(view), new ManualTimeProvider());
        Assert.Equal(measured, meter.Read("orleanspool.limit.current").Count);
        Assert.Equal(measured, meter.Read("orleanspool.connection.max").Count);
        Assert.Equal((1, mode.ToString().ToLowerInvariant()), meter.Read("orleanspool.lease.mode").Single(each => each.Value == 1));
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
        Assert.Equal([(1, "applied"), (1, "refused")], _meter.Read("orleanspool.config.reloads"));
        Assert.Equal(2, Assert.Single(_meter.Read("orleanspool.config.version")).Value);
    }

    private sealed class Authority(BudgetView view) : IBudgetAuthorities
    {
        public void Change(BudgetSettings settings, ILimitLaw law) => throw new NotSupportedException();

        public IReadOnlyList<BudgetView> Views() => [view];
    }
}
