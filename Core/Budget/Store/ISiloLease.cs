namespace OrleansPool.Core.Budget.Store;

/// <summary>This silo's lease on the store, and its view of others'. Thread-safe.</summary>
public interface ISiloLease
{
    /// <summary>The lease that holds now; null while there is none.</summary>
    LeaseKey? Current { get; }

    /// <summary>Whether that lease is over for good, so that nobody answers under it any more. Fences it when it is due; to be asked again and again until then.</summary>
    ValueTask<bool> IsOverAsync(LeaseKey lease, CancellationToken cancellation);
}
