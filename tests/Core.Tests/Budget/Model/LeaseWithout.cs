using OrleansPool.Core.Budget.Store;

namespace OrleansPool.Core.Tests.Budget.Model;

/// <summary>A silo's lease from which a rule was taken away: without store_lease it never ends, without fence_wait others' are over at once.</summary>
internal sealed class LeaseWithout(ISiloLease lease, Rule? without) : ISiloLease
{
    private LeaseKey? _last;

    public LeaseKey? Current => without == Rule.StoreLease ? _last ??= lease.Current : lease.Current;

    public ValueTask<bool> IsOverAsync(LeaseKey other, CancellationToken cancellation) => without == Rule.FenceWait ? new(true) : lease.IsOverAsync(other, cancellation);
}

/// <summary>A store that shows an endpoint whose owner's lease is over as one that was handed over with nothing dealt but floors: who takes over does not learn.</summary>
internal sealed class StoreWithoutLearning(IBudgetStore store, ISiloLease lease) : IBudgetStore
{
    public ValueTask<Stored<SiloRow>?> ReadSiloAsync(string silo, CancellationToken cancellation) => store.ReadSiloAsync(silo, cancellation);

    public ValueTask<string?> WriteSiloAsync(SiloRow row, string? version, CancellationToken cancellation) => store.WriteSiloAsync(row, version, cancellation);

    public ValueTask<string?> WriteEndpointAsync(EndpointRow row, string? version, CancellationToken cancellation) => store.WriteEndpointAsync(row, version, cancellation);

    public async ValueTask<Stored<EndpointRow>?> ReadEndpointAsync(string endpoint, CancellationToken cancellation)
    {
        var read = await store.ReadEndpointAsync(endpoint, cancellation).ConfigureAwait(false);
        if (read?.Row.Owner is not { } owner) return read;
        if (owner != lease.Current && !await lease.IsOverAsync(owner, cancellation).ConfigureAwait(false)) return read;
        return read with { Row = read.Row with { Owner = null, Holders = [.. read.Row.Holders.Select(holder => holder with { Connections = holder.Floor })] } };
    }
}
