using Microsoft.Extensions.Logging;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Calls;

namespace OrleansPool.Core.Hosting;

/// <summary>The shares of this host, one of each endpoint: asked for from its start until all its connections are closed, then given back. Thread-safe.</summary>
public sealed class EndpointShares
{
    // A budget that cannot be reached while the host stops: shares come back by themselves.
    private static readonly TimeSpan _leavePatience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, ShareRenewal> _renewals = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeProvider _time;

    internal EndpointShares(IEnumerable<(Endpoint Endpoint, BudgetSettings Settings)> endpoints, IBudget budget, HolderIdentity identity, TimeProvider time, ILoggerFactory loggers)
    {
        _time = time;
        foreach (var (endpoint, settings) in endpoints)
        {
            var target = new ShareTarget(endpoint.Pool, time);
            var holder = new BudgetHolder(settings, identity.Name, identity.Generation);
            var renewal = new ShareRenewal(settings, holder, target, budget, time, loggers.CreateLogger<ShareRenewal>());
            endpoint.Pool.Starves = renewal.Wake;
            _renewals.Add(endpoint.Name, renewal);
        }
    }

    /// <summary>Begins to ask. Once.</summary>
    public void Start()
    {
        foreach (var renewal in _renewals.Values) renewal.Start();
    }

    /// <summary>Looks at once whether the endpoint's share is to be renewed: what it wants may have changed.</summary>
    public void Wake(string endpoint) => _renewals[endpoint].Wake();

    /// <summary>Gives all shares back. To be called when all connections are closed.</summary>
    public async Task LeaveAsync()
    {
        using var patience = new CancellationTokenSource(_leavePatience, _time);
        await Task.WhenAll(_renewals.Values.Select(renewal => renewal.LeaveAsync(patience.Token))).ConfigureAwait(false);
        foreach (var renewal in _renewals.Values) await renewal.DisposeAsync().ConfigureAwait(false);
    }
}
