using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Runtime.Membership;
using Orleans.Runtime.MembershipService;

namespace OrleansPool.Cluster.Tests.PostgreSql;

/// <summary>The membership statements of deploy/postgresql/schema.sql, by way of the provider that runs them.</summary>
[Collection(DatabaseGroup.Name)]
public sealed class MembershipTableTests(Database database)
{
    private static readonly DateTime _now = new(2026, 11, 22, 12, 0, 0, DateTimeKind.Utc);

    private readonly string _cluster = $"membership-{Guid.NewGuid():N}";

    [SkippableFact]
    public async Task Insert_TwiceAtOneVersion_SecondIsRefusedAndChangesNothing()
    {
        var table = await OpenAsync();
        var start = (await table.ReadAll()).Version;
        Assert.True(await table.InsertRow(Silo(1), start.Next()));
        Assert.False(await table.InsertRow(Silo(2), start.Next()));

        var all = await table.ReadAll();
        Assert.Equal(start.Version + 1, all.Version.Version);
        Assert.Equal(Silo(1).SiloAddress, Assert.Single(all.Members).Item1.SiloAddress);
    }

    [SkippableFact]
    public async Task Insert_SiloThatIsThere_IsRefusedAndLeavesTheVersion()
    {
        var table = await OpenAsync();
        Assert.True(await InsertAsync(table, Silo(1)));
        var before = (await table.ReadAll()).Version;
        Assert.False(await table.InsertRow(Silo(1), before.Next()));
        Assert.Equal(before.Version, (await table.ReadAll()).Version.Version);
    }

    [SkippableFact]
    public async Task Row_WrittenAndRead_IsTheSame()
    {
        var table = await OpenAsync();
        var silo = Silo(1);
        await InsertAsync(table, silo);
        silo.Status = SiloStatus.Active;
        silo.SuspectTimes = [Tuple.Create(Silo(2).SiloAddress, _now)];
        silo.IAmAliveTime = _now.AddSeconds(5);
        Assert.True(await table.UpdateRow(silo, "", (await table.ReadAll()).Version.Next()));

        var read = Assert.Single((await table.ReadRow(silo.SiloAddress)).Members).Item1;
        Assert.Equal(
            (silo.SiloAddress, silo.SiloName, silo.HostName, silo.Status, silo.ProxyPort, silo.StartTime, silo.IAmAliveTime),
            (read.SiloAddress, read.SiloName, read.HostName, read.Status, read.ProxyPort, read.StartTime, read.IAmAliveTime));
        Assert.Equal(silo.SuspectTimes, read.SuspectTimes);
    }

    [SkippableFact]
    public async Task Update_AtAnOldVersionOrOfNoRow_IsRefused()
    {
        var table = await OpenAsync();
        var old = (await table.ReadAll()).Version;
        await InsertAsync(table, Silo(1));
        Assert.False(await table.UpdateRow(Silo(1), "", old.Next()));
        var current = (await table.ReadAll()).Version;
        Assert.False(await table.UpdateRow(Silo(9), "", current.Next()));
        Assert.Equal(current.Version, (await table.ReadAll()).Version.Version);
    }

    [SkippableFact]
    public async Task Insert_ByManyAtOnce_EachVersionIsTakenOnce()
    {
        const int Silos = 8;
        var table = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(1, Silos).Select(async number =>
        {
            while (!await InsertAsync(table, Silo(number))) await Task.Yield();
        })).InTime("all silos to join");

        var all = await table.ReadAll();
        Assert.Equal((Silos, Silos), (all.Version.Version, all.Members.Count));
    }

    [SkippableFact]
    public async Task SignOfLife_IsKeptAndLeavesTheVersion()
    {
        var table = await OpenAsync();
        var silo = Silo(1);
        await InsertAsync(table, silo);
        var before = (await table.ReadAll()).Version;
        silo.IAmAliveTime = _now.AddMinutes(1);
        await table.UpdateIAmAlive(silo);

        var all = await table.ReadAll();
        Assert.Equal(before.Version, all.Version.Version);
        Assert.Equal(silo.IAmAliveTime, Assert.Single(all.Members).Item1.IAmAliveTime);
    }

    [SkippableFact]
    public async Task CleanUp_TakesOldRowsOfSilosThatAreNotActive()
    {
        var table = await OpenAsync();
        foreach (var (number, status, alive) in new[] { (1, SiloStatus.Active, _now), (2, SiloStatus.Dead, _now), (3, SiloStatus.Dead, _now.AddHours(2)) })
        {
            var silo = Silo(number);
            (silo.Status, silo.IAmAliveTime) = (status, alive);
            await InsertAsync(table, silo);
        }

        await table.CleanupDefunctSiloEntries(new DateTimeOffset(_now.AddHours(1)));
        Assert.Equal([1, 3], (await table.ReadAll()).Members.Select(row => row.Item1.SiloAddress.Generation).Order());
    }

    [SkippableFact]
    public async Task Delete_TakesThisClusterOnly()
    {
        var (table, other) = (await OpenAsync(), await OpenAsync($"{_cluster}-other"));
        await InsertAsync(table, Silo(1));
        await InsertAsync(other, Silo(1));
        await table.DeleteMembershipTableEntries(_cluster);
        Assert.Single((await other.ReadAll()).Members);

        // Opened anew it begins anew.
        Assert.Equal(0, (await (await OpenAsync()).ReadAll()).Version.Version);
    }

    [SkippableFact]
    public async Task Gateways_AreThoseOfActiveSilos()
    {
        var table = await OpenAsync();
        foreach (var (number, status, gateway) in new[] { (1, SiloStatus.Active, 30_001), (2, SiloStatus.Joining, 30_002), (3, SiloStatus.Active, 0) })
        {
            var silo = Silo(number);
            (silo.Status, silo.ProxyPort) = (status, gateway);
            await InsertAsync(table, silo);
        }

        await using var source = NpgsqlDataSource.Create(database.Server.ConnectionString);
        var list = new AdoNetGatewayListProvider(
            NullLogger<AdoNetGatewayListProvider>.Instance, new ServiceCollection().BuildServiceProvider(),
            Options.Create(new AdoNetClusteringClientOptions { Invariant = "Npgsql", DataSource = source }),
            Options.Create(new GatewayOptions()), Options.Create(new ClusterOptions { ClusterId = _cluster }));
        await list.InitializeGatewayListProvider();
        Assert.Equal(30_001, Assert.Single(await list.GetGateways()).Port);
    }

    private static async Task<bool> InsertAsync(IMembershipTable table, MembershipEntry silo) => await table.InsertRow(silo, (await table.ReadAll()).Version.Next());

    private static MembershipEntry Silo(int number) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Parse("10.0.0.1"), 11_111, number),
        SiloName = $"silo-{number}",
        HostName = "host",
        Status = SiloStatus.Joining,
        ProxyPort = 30_000,
        StartTime = _now,
        IAmAliveTime = _now,
    };

    private async Task<IMembershipTable> OpenAsync(string? cluster = null)
    {
        var source = NpgsqlDataSource.Create(database.Server.ConnectionString);
        var table = new AdoNetClusteringTable(
            new ServiceCollection().BuildServiceProvider(), Options.Create(new ClusterOptions { ClusterId = cluster ?? _cluster }),
            Options.Create(new AdoNetClusteringSiloOptions { Invariant = "Npgsql", DataSource = source }), NullLogger<AdoNetClusteringTable>.Instance);
        await table.InitializeMembershipTable(tryInitTableVersion: true);
        return table;
    }
}
