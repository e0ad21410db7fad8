using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Pooling.Health;

/// <summary>Asks an upstream how it is, in its own protocol. Stateless; thread-safe.</summary>
internal interface IHealthProbe
{
    /// <summary>Null when it is well, else what is wrong, in a sentence. Only a cancelled token throws.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<string?> CheckAsync(TransportChannel channel, CancellationToken cancellation);
}
