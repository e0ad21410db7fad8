using OrleansPool.Cluster.Tests.Hosting;

namespace OrleansPool.Cluster.Tests.Budget;

/// <summary>Two silos without endpoints, for tests of what budgets stand on.</summary>
public sealed class BudgetCluster : IAsyncLifetime
{
    /// <summary>Name of the collection of tests that share the cluster, one after the other.</summary>
    public const string Collection = "Budget";

    internal TestSilos Silos { get; private set; } = null!;

    public async Task InitializeAsync() => Silos = await TestSilos.StartAsync(2, _ => []);

    public async Task DisposeAsync() => await Silos.DisposeAsync();
}

/// <summary>Ties the tests to the cluster they share.</summary>
[CollectionDefinition(BudgetCluster.Collection)]
public sealed class BudgetClusterCollection : ICollectionFixture<BudgetCluster>;
