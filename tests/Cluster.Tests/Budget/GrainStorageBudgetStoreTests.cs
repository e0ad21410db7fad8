using OrleansPool.Core.Budget;
using OrleansPool.Core.Budget.Store;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Cluster.Tests.Budget;

/// <summary>Rows in Orleans' grain storage: what was written is read by every silo, and nobody writes over what he has not seen.</summary>
[Collection(BudgetCluster.Collection)]
public sealed class GrainStorageBudgetStoreTests(BudgetCluster cluster)
{
    private readonly string _name = $"cafe{Guid.NewGuid():N}";

    [Fact]
    public async Task EndpointRow_WrittenOnOneSilo_IsReadOnTheOther()
    {
        var row = new EndpointRow
        {
            Endpoint = _name,
            Epoch = 7,
            Owner = new LeaseKey("10.0.0.1:11111", 3),
            MustLearn = true,
            Memory = new LimitMemory(37.5, 40, [1500, 0]),
            Holders = [new HolderRecord("10.0.0.1:11111", 5, 4, 2)],
        };
        Assert.Null(await Store(0).ReadEndpointAsync(_name, default));
        var version = await Store(0).WriteEndpointAsync(row, null, default);
        var read = await Store(1).ReadEndpointAsync(_name, default);

        Assert.Equal(version, read!.Version);
        Assert.Equivalent(row, read.Row, strict: true);
    }

    [Fact]
    public async Task EndpointRow_WithoutAnOwner_ComesBackWithout()
    {
        await Store(0).WriteEndpointAsync(new EndpointRow { Endpoint = _name, Epoch = 1 }, null, default);

        Assert.Null((await Store(1).ReadEndpointAsync(_name, default))!.Row.Owner);
    }

    [Fact]
    public async Task SiloRow_WrittenOnOneSilo_IsReadOnTheOther()
    {
        var row = new SiloRow(_name, 2, 9, IsOver: true, TimeSpan.FromSeconds(4));
        await Store(0).WriteSiloAsync(row, null, default);

        Assert.Equal(row, (await Store(1).ReadSiloAsync(_name, default))!.Row);
    }

    [Fact]
    public async Task Write_OverAnotherVersionThanTheOneInForce_IsRefusedAndChangesNothing()
    {
        var first = await Store(0).WriteSiloAsync(Row(1), null, default);
        var second = await Store(1).WriteSiloAsync(Row(2), first, default);

        Assert.NotNull(second);
        Assert.NotEqual(first, second);
        Assert.Null(await Store(0).WriteSiloAsync(Row(3), first, default));
        Assert.Null(await Store(0).WriteSiloAsync(Row(3), null, default));
        Assert.Equal(new Stored<SiloRow>(Row(2), second), await Store(0).ReadSiloAsync(_name, default));
    }

    [Fact]
    public async Task Write_OfManyAtOnceOverTheSameVersion_SucceedsOnce()
    {
        var version = await Store(0).WriteSiloAsync(Row(0), null, default);
        var writes = await Task.WhenAll(Enumerable.Range(1, 10).Select(counter => Store(counter % 2).WriteSiloAsync(Row(counter), version, default).AsTask()));

        Assert.Single(writes, written => written is not null);
    }

    private SiloRow Row(long counter) => new(_name, 1, counter, IsOver: false, TimeSpan.FromSeconds(4));

    private IBudgetStore Store(int silo) => cluster.Silos.Service<IBudgetStore>(silo);
}
