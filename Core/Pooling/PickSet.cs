using System.Diagnostics.CodeAnalysis;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// The open channels of a pool, and which of them carries the next call. Guarded by the pool's lock.
/// </summary>
internal abstract class PickSet
{
    /// <summary>True when a channel has room for a call.</summary>
    public abstract bool HasRoom { get; }

    /// <summary>A channel opened.</summary>
    public abstract void Add(PooledChannel channel);

    /// <summary>A channel takes no more calls. Harmless for one that is not in the set.</summary>
    public abstract void Remove(PooledChannel channel);

    /// <summary>The channel for the next call, if any has room. The caller takes a lease at once and then reports <see cref="Changed"/>.</summary>
    public abstract bool TryPick([NotNullWhen(true)] out PooledChannel? channel);

    /// <summary>A channel in the set took or gave back a call, or its capacity changed.</summary>
    public abstract void Changed(PooledChannel channel);
}
