using OrleansPool.Core.Pooling.Health;

namespace OrleansPool.Core.Pooling;

/// <summary>What a pool is told once, when it is made.</summary>
/// <param name="Name">The endpoint's name, for logs and texts.</param>
/// <param name="IsMultiplexed">Whether a channel can carry more than one call at once.</param>
/// <param name="CallsPerChannel">Calls at once on one channel, 1 when not multiplexed.</param>
/// <param name="Pool">Sizes and times.</param>
/// <param name="Queue">Waiting.</param>
public sealed record PoolSettings(string Name, bool IsMultiplexed, int CallsPerChannel, PoolOptions Pool, QueueOptions Queue)
{
    /// <summary>False when a call that finds no permit or channel free is refused instead of waiting for one to come back. Default true.</summary>
    public bool LetsWait { get; init; } = true;

    /// <summary>When an address that is worse than the others gets no calls for a while.</summary>
    public OutlierOptions Outliers { get; init; } = new();

    /// <summary>How addresses are asked how they are.</summary>
    public CheckOptions Check { get; init; } = new();
}
