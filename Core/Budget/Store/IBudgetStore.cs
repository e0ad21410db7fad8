namespace OrleansPool.Core.Budget.Store;

/// <summary>
/// Where budgets are kept, one for all silos. Reads and writes of a row are linearizable: a write succeeds only if nobody wrote since the version it
/// replaces was read, also when it arrives late. Calls end within a few seconds; when the store cannot be reached they throw, and a write that threw may
/// have taken place. Thread-safe.
/// </summary>
public interface IBudgetStore
{
    /// <summary>The lease of a silo; null when it never had one.</summary>
    ValueTask<Stored<SiloRow>?> ReadSiloAsync(string silo, CancellationToken cancellation);

    /// <summary>Writes a silo's row over <paramref name="version"/>; null inserts. The new version, or null when somebody was faster.</summary>
    ValueTask<string?> WriteSiloAsync(SiloRow row, string? version, CancellationToken cancellation);

    /// <summary>The row of an endpoint; null when its budget was never held.</summary>
    ValueTask<Stored<EndpointRow>?> ReadEndpointAsync(string endpoint, CancellationToken cancellation);

    /// <summary>Writes an endpoint's row over <paramref name="version"/>; null inserts. The new version, or null when somebody was faster.</summary>
    ValueTask<string?> WriteEndpointAsync(EndpointRow row, string? version, CancellationToken cancellation);
}
