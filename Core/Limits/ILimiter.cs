using OrleansPool.Core.Model;

namespace OrleansPool.Core.Limits;

/// <summary>
/// Deals permits, one per call in flight. What decides the number is another type; this one enforces it. Implementations are thread-safe,
/// never block and do no I/O: they are called under the pool's lock.
/// </summary>
public interface ILimiter
{
    /// <summary>Permits in all; may change at any time.</summary>
    int Limit { get; }

    /// <summary>Permits dealt and not yet settled; above <see cref="Limit"/> for a while after the limit fell.</summary>
    int InFlight { get; }

    /// <summary>Takes a permit if one is free.</summary>
    bool TryAcquire();

    /// <summary>Gives the permit back, with what the call taught. Exactly once per acquired permit.</summary>
    /// <param name="verdict">What the call says of the upstream.</param>
    /// <param name="responseTime">From the moment the call had its channel to the end of its answer; counts with <see cref="Verdict.Success"/> only.</param>
    void Settle(Verdict verdict, TimeSpan responseTime);

    /// <summary>Calls <paramref name="callback"/> whenever the limit rose, so that waiting calls can be served. Dispose to end.</summary>
    IDisposable OnRaised(Action callback);
}
