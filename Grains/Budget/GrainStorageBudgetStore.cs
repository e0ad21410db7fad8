using Orleans.Storage;
using OrleansPool.Core.Budget.Store;
using OrleansPool.Wire;

namespace OrleansPool.Grains.Budget;

/// <summary>
/// The budget's store in Orleans' grain storage: a row is a state, its version the ETag, and Orleans refuses a write over another ETag than the one in
/// force. What the rows guarantee is what the storage does: one that forgets them with a process keeps no promise beyond it. Thread-safe.
/// </summary>
internal sealed class GrainStorageBudgetStore(IGrainStorage storage, TimeProvider time) : IBudgetStore
{
    /// <summary>Name of the grain storage that has the rows.</summary>
    public const string StorageName = "budget";

    private const string StateName = "orleanspool-budget";

    /// <summary>A silo's lease lasts a few seconds: an answer that takes longer is of no use. Storage has bounds of its own, some of 30 s.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    public ValueTask<Stored<SiloRow>?> ReadSiloAsync(string silo, CancellationToken cancellation) => ReadAsync<SiloRow>(KeyOfSilo(silo), cancellation);

    public ValueTask<string?> WriteSiloAsync(SiloRow row, string? version, CancellationToken cancellation) => WriteAsync(KeyOfSilo(row.Silo), row, version, cancellation);

    public ValueTask<Stored<EndpointRow>?> ReadEndpointAsync(string endpoint, CancellationToken cancellation) => ReadAsync<EndpointRow>(KeyOfEndpoint(endpoint), cancellation);

    public ValueTask<string?> WriteEndpointAsync(EndpointRow row, string? version, CancellationToken cancellation) =>
        WriteAsync(KeyOfEndpoint(row.Endpoint), row, version, cancellation);

    // The slash keeps storage from taking a key for a number or a GUID, as it would an endpoint called "cafe".
    private static GrainId KeyOfSilo(string silo) => GrainId.Create(StateName, $"silo/{silo}");

    private static GrainId KeyOfEndpoint(string endpoint) => GrainId.Create(StateName, $"endpoint/{endpoint}");

    private async ValueTask<Stored<T>?> ReadAsync<T>(GrainId key, CancellationToken cancellation)
        where T : class
    {
        var state = new GrainState<BudgetRow>();
        await storage.ReadStateAsync(StateName, key, state).WaitAsync(_patience, time, cancellation).ConfigureAwait(false);
        return state is { RecordExists: true, State: { } row, ETag: { } version } ? new Stored<T>(BudgetJson.Read<T>(row.Json), version) : null;
    }

    private async ValueTask<string?> WriteAsync<T>(GrainId key, T row, string? version, CancellationToken cancellation)
    {
        var state = new GrainState<BudgetRow>(new BudgetRow { Json = BudgetJson.Write(row) }) { ETag = version, RecordExists = version is not null };
        try
        {
            await storage.WriteStateAsync(StateName, key, state).WaitAsync(_patience, time, cancellation).ConfigureAwait(false);
            return state.ETag;
        }
        catch (InconsistentStateException)
        {
            return null;
        }
    }
}
