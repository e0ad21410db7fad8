using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Cluster.Tests.Forwarding;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Lanes;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Routed;
using OrleansPool.Core.Operations;
using OrleansPool.Grains.Reports;

namespace OrleansPool.Cluster.Tests.Operations;

/// <summary>What three silos say of themselves, whichever of them is asked.</summary>
public sealed class ClusterReportsTests(ReportingCluster cluster) : IClassFixture<ReportingCluster>
{
    private TestSilos Silos => cluster.Silos;

    [Fact]
    public async Task Gather_AtAnySilo_HasThemAll_AndTheBudgetOnce()
    {
        var names = Enumerable.Range(0, 3).Select(Silos.AddressOf).Order(StringComparer.Ordinal);
        for (var silo = 0; silo < 3; silo++)
        {
            var reports = await GatherAsync(silo, ReportParts.All);
            Assert.Equal(names, reports.Hosts.Select(host => host.Name));
            Assert.Empty(reports.Silent);
            Assert.All(reports.Hosts, host => Assert.Equal("interop", Assert.Single(host.Endpoints).Name));
            var budget = Assert.Single(reports.Hosts.SelectMany(host => host.Budgets));
            Assert.Equal(("interop", 40), (budget.Endpoint, budget.Cap));
        }
    }

    [Fact]
    public async Task Gather_UnderLoad_TellsWhoCalls_AndTheCallsOfASecond()
    {
        await using var client = await PoolClient.ConnectAsync(Silos.Address with { Gateways = [Silos.Address.Gateways[2]] });
        var held = cluster.Upstream.Calls.Expect("held");
        using var call = client.Grpc().HoldAsync(new Wish(), held.Metadata);
        await Eventually.HoldsAsync(() => held.Arrived > 0, "the call to be held");
        for (var count = 0; count < 20; count++) await client.Grpc().EmptyAsync(new Nothing());
        EndpointReport report = null!;
        await Eventually.HoldsAsync(async () => (report = await OfSiloAsync(2)) is { InFlight: 1, CallsPerSecond: > 0, History.Count: > 0 }, "the calls to be reported");

        Assert.Equal((1, 0), (Assert.Single(report.Callers).InFlight, report.Callers[0].Waiting));
        Assert.Equal(1, report.Connections.Sum(connection => connection.InFlight));
        Assert.Contains(report.Addresses, address => address.Address.Contains("127.0.0.1", StringComparison.Ordinal));
        Assert.NotEmpty(report.Times.Buckets);
        held.OpenGate();
        await call.RepliesAsync();
    }

    [Fact]
    public async Task Silo_ThatWasStopped_IsNoMember_AndNotMissed()
    {
        await using var silos = await TestSilos.StartAsync(2, _ => cluster.Settings);
        await silos.StopAsync(1);
        await Eventually.HoldsAsync(
            async () => await silos.Service<IClusterReports>(0).GatherAsync(new ReportQuery(ReportParts.None), CancellationToken.None) is { Hosts.Count: 1, Silent.Count: 0 },
            "the silo to be gone");
    }

    [Fact]
    public async Task Silo_ThatDoesNotAnswerInTime_OrCannotBeAsked_IsListedAsSilent_WithWhy()
    {
        var (clock, membership) = (new ManualTimeProvider(), new ScriptedMembership());
        membership.Set(ScriptedMembership.Silo(2), SiloStatus.Active);
        membership.Set(ScriptedMembership.Silo(3), SiloStatus.Active);
        membership.Set(ScriptedMembership.Silo(4), SiloStatus.Dead);
        var (frozen, cut) = (new ScriptedSilo(1, "") { IsFrozen = true }, new ScriptedSilo(2, "") { Failure = new SiloUnavailableException("no way there") });
        var silos = new ScriptedSilos(lane => lane.Contains("10.0.0.2", StringComparison.Ordinal) ? frozen : cut);
        var reports = new SiloReports(silos.Grains, membership, membership, Silos.Service<HostReporter>(0), clock);

        var gathering = reports.GatherAsync(new ReportQuery(ReportParts.None), CancellationToken.None).AsTask();
        clock.Advance(IClusterReports.Patience - TimeSpan.FromMilliseconds(1));
        Assert.False(gathering.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        var report = await gathering.InTime("the report");
        Assert.Single(report.Hosts);
        Assert.Equal(["10.0.0.2:11111", "10.0.0.3:11111"], report.Silent.Select(host => host.Name));
        Assert.Equal(["It did not answer within 1 s: it is overloaded, frozen, or cut off.", "It could not be asked: no way there"], report.Silent.Select(host => host.Why));
    }

    private ValueTask<ClusterReport> GatherAsync(int silo, ReportParts parts) => Silos.Service<IClusterReports>(silo).GatherAsync(new ReportQuery(parts), CancellationToken.None);

    // Asked for at another one.
    private async Task<EndpointReport> OfSiloAsync(int silo) =>
        (await GatherAsync(0, ReportParts.All)).Hosts.Single(host => host.Name == Silos.AddressOf(silo)).Endpoints.Single();
}
