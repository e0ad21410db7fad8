using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Core.Budget;

/// <summary>
/// What a share is applied to: the pool of an endpoint in this process. Called from one thread at a time; must be quick and not throw. Time is that of
/// <see cref="Model.MonotonicClock"/>.
/// </summary>
public interface IShareTarget
{
    /// <summary>Connections that are connecting, idle, busy or draining.</summary>
    int OpenConnections { get; }

    /// <summary>What it needs now.</summary>
    HolderDemand Demand(TimeSpan now);

    /// <summary>What it saw since this was last called; null when there is nothing to tell.</summary>
    LoadSample? TakeSample(TimeSpan now);

    /// <summary>Keeps to <paramref name="allowance"/> from now on.</summary>
    /// <param name="allowance">What may be used. Connections above it are drained, or closed at once when it says so.</param>
    /// <param name="limit">Permits for all holders together, for messages and admin; 0 while unknown.</param>
    /// <param name="forwardTo">Holders to forward calls to, best first; empty while there are permits here.</param>
    /// <param name="orders">What operators told the endpoint.</param>
    void Apply(in HolderAllowance allowance, int limit, IReadOnlyList<string> forwardTo, Orders orders);
}
