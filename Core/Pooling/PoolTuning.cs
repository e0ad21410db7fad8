namespace OrleansPool.Core.Pooling;

/// <summary>What can be changed about a pool while it runs. Immutable, as long as nobody writes to the queue's options.</summary>
/// <param name="Min">Channels kept open when nobody calls. 0 to <paramref name="Max"/>.</param>
/// <param name="Max">Connections at most in this process, whatever its share. 1 or more.</param>
/// <param name="Queue">Waiting.</param>
public sealed record PoolTuning(int Min, int Max, QueueOptions Queue);
