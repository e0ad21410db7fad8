namespace OrleansPool.Bench.Proof.Load;

/// <summary>A way from callers to the pool. Thread-safe.</summary>
internal interface ICaller : IAsyncDisposable
{
    /// <summary>Makes one call. Null for a good answer in time; else the pool's code, or what the caller saw.</summary>
    Task<string?> CallAsync(CancellationToken cancellation);
}
