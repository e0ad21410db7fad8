using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orleans.Configuration;
using Orleans.Storage;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Cluster.Tests.PostgreSql;

/// <summary>The storage statements of deploy/postgresql/schema.sql, in a silo that keeps grain state with them.</summary>
[Collection(DatabaseGroup.Name)]
public sealed class BudgetStorageTests(Database database) : IAsyncLifetime
{
    private const string Type = "budget";

    private static readonly GrainId _grain = GrainId.Create("budget", "billing");

    private readonly string _cluster = $"storage-{Guid.NewGuid():N}";
    private IHost? _host;

    private IGrainStorage Storage => _host!.Services.GetRequiredKeyedService<IGrainStorage>("budget");

    public async Task InitializeAsync()
    {
        var source = NpgsqlDataSource.Create(database.Server.ConnectionString);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(names => (names.ClusterId, names.ServiceId) = (_cluster, _cluster))
            .ConfigureEndpoints(IPAddress.Loopback, FreePort.Next(), FreePort.Next())
            .UseAdoNetClustering(table => (table.Invariant, table.DataSource) = ("Npgsql", source))
            .AddAdoNetGrainStorage("budget", rows => (rows.Invariant, rows.DataSource) = ("Npgsql", source)));
        _host = builder.Build();
        await _host.StartAsync().InTime("the silo to start");
    }

    public async Task DisposeAsync()
    {
        if (_host is null) return;
        await _host.StopAsync();
        _host.Dispose();
    }

    [SkippableFact]
    public async Task Read_OfNoRow_HasNoTag()
    {
        var state = await ReadAsync();
        Assert.Equal((false, null, 0), (state.RecordExists, state.ETag, NumberOf(state)));
    }

    [SkippableFact]
    public async Task Write_ThenRead_GivesStateAndTag()
    {
        var written = await ReadAsync();
        written.State = new Counter { Number = 7 };
        await Storage.WriteStateAsync(Type, _grain, written);
        written.State = new Counter { Number = 8 };
        await Storage.WriteStateAsync(Type, _grain, written);

        var read = await ReadAsync();
        Assert.Equal((true, written.ETag, 8), (read.RecordExists, read.ETag, NumberOf(read)));
    }

    [SkippableFact]
    public async Task Write_FirstOfTwo_WinsAndTheOtherIsRefused()
    {
        var (first, second) = (await ReadAsync(), await ReadAsync());
        (first.State, second.State) = (new Counter { Number = 1 }, new Counter { Number = 2 });
        await Storage.WriteStateAsync(Type, _grain, first);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync(Type, _grain, second));
        Assert.Equal(1, NumberOf(await ReadAsync()));
    }

    [SkippableFact]
    public async Task Write_WithAnOldTag_IsRefused()
    {
        var state = await ReadAsync();
        await Storage.WriteStateAsync(Type, _grain, state);
        var old = state.ETag;
        await Storage.WriteStateAsync(Type, _grain, state);
        state.ETag = old;
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync(Type, _grain, state));
    }

    [SkippableFact]
    public async Task Write_ByManyAtOnce_CountsEachSuccessOnce()
    {
        const int Writers = 8;
        const int Each = 10;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async _ =>
        {
            for (var count = 0; count < Each;) count += await TryIncrementAsync() ? 1 : 0;
        })).InTime("all increments");
        Assert.Equal(Writers * Each, NumberOf(await ReadAsync()));
    }

    [SkippableFact]
    public async Task Clear_LeavesTheTagToGoOnFrom()
    {
        var state = await ReadAsync();
        state.State = new Counter { Number = 7 };
        await Storage.WriteStateAsync(Type, _grain, state);
        var old = state.ETag;
        await Storage.ClearStateAsync(Type, _grain, state);

        var read = await ReadAsync();
        Assert.Equal((false, 0), (read.RecordExists, NumberOf(read)));
        read.ETag = old;
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync(Type, _grain, read));
    }

    [SkippableFact]
    public async Task Keys_ThatDifferInOnePart_HaveRowsOfTheirOwn()
    {
        var guid = Guid.NewGuid();
        GrainId[] grains =
        [
            GrainId.Create("budget", "a"), GrainId.Create("budget", "b"), GrainId.Create("budget", guid.ToString("N")), GrainId.Create("budget", "1"),
        ];
        foreach (var (number, grain) in grains.Index())
        {
            var state = new GrainState<Counter>(new Counter { Number = number + 1 });
            await Storage.WriteStateAsync(Type, grain, state);
        }

        foreach (var (number, grain) in grains.Index()) Assert.Equal(number + 1, NumberOf(await ReadAsync(grain)));
    }

    private static int NumberOf(GrainState<Counter> state) => state.State!.Number;

    private async Task<bool> TryIncrementAsync()
    {
        var state = await ReadAsync();
        state.State = new Counter { Number = NumberOf(state) + 1 };
        try
        {
            await Storage.WriteStateAsync(Type, _grain, state);
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }

    private async Task<GrainState<Counter>> ReadAsync(GrainId? grain = null)
    {
        var state = new GrainState<Counter>(new Counter());
        await Storage.ReadStateAsync(Type, grain ?? _grain, state);
        return state;
    }

    internal sealed class Counter
    {
        public int Number { get; init; }
    }
}
