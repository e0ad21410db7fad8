namespace OrleansPool.Core.Budget.Store;

/// <summary>A store that lives in this process: for one machine and for tests. It forgets all with the process.</summary>
public sealed class InMemoryBudgetStore : IBudgetStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Stored<SiloRow>> _silos = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Stored<EndpointRow>> _endpoints = new(StringComparer.Ordinal);
    private long _version;

    /// <inheritdoc />
    public ValueTask<Stored<SiloRow>?> ReadSiloAsync(string silo, CancellationToken cancellation) => new(Read(_silos, silo));

    /// <inheritdoc />
    public ValueTask<string?> WriteSiloAsync(SiloRow row, string? version, CancellationToken cancellation) => new(Write(_silos, row.Silo, row, version));

    /// <inheritdoc />
    public ValueTask<Stored<EndpointRow>?> ReadEndpointAsync(string endpoint, CancellationToken cancellation) => new(Read(_endpoints, endpoint));

    /// <inheritdoc />
    public ValueTask<string?> WriteEndpointAsync(EndpointRow row, string? version, CancellationToken cancellation) => new(Write(_endpoints, row.Endpoint, row, version));

    private Stored<T>? Read<T>(Dictionary<string, Stored<T>> rows, string key)
        where T : class
    {
        lock (_gate) return rows.GetValueOrDefault(key);
    }

    private string? Write<T>(Dictionary<string, Stored<T>> rows, string key, T row, string? version)
        where T : class
    {
        lock (_gate)
        {
            if (!string.Equals(rows.GetValueOrDefault(key)?.Version, version, StringComparison.Ordinal)) return null;
            var next = $"{++_version}";
            rows[key] = new Stored<T>(row, next);
            return next;
        }
    }
}
