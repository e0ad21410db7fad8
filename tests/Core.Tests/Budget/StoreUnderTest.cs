using OrleansPool.Core.Budget.Store;

namespace OrleansPool.Core.Tests.Budget;

/// <summary>A store that can be away, and that can fail after a write took place.</summary>
internal sealed class StoreUnderTest : IBudgetStore
{
    private readonly InMemoryBudgetStore _store = new();

    public bool IsAway { get; set; }

    public bool FailsAfterWrites { get; set; }

    public int EndpointWrites { get; private set; }

    public ValueTask<Stored<SiloRow>?> ReadSiloAsync(string silo, CancellationToken cancellation)
    {
        ThrowIfAway();
        return _store.ReadSiloAsync(silo, cancellation);
    }

    public ValueTask<Stored<EndpointRow>?> ReadEndpointAsync(string endpoint, CancellationToken cancellation)
    {
        ThrowIfAway();
        return _store.ReadEndpointAsync(endpoint, cancellation);
    }

    public async ValueTask<string?> WriteSiloAsync(SiloRow row, string? version, CancellationToken cancellation)
    {
        ThrowIfAway();
        var written = await _store.WriteSiloAsync(row, version, cancellation);
        return FailsAfterWrites ? throw new TimeoutException("no answer from the store") : written;
    }

    public async ValueTask<string?> WriteEndpointAsync(EndpointRow row, string? version, CancellationToken cancellation)
    {
        ThrowIfAway();
        EndpointWrites++;
        var written = await _store.WriteEndpointAsync(row, version, cancellation);
        return FailsAfterWrites ? throw new TimeoutException("no answer from the store") : written;
    }

    private void ThrowIfAway()
    {
        if (IsAway) throw new TimeoutException("the store is away");
    }
}
