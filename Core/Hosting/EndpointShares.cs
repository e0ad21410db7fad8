using Microsoft.Extensions.Logging;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Hosting;

/// <summary>The shares of this host, one of each endpoint: asked for from its start until all its connections are closed, then given back. Thread-safe.</summary>
public sealed class EndpointShares
{
    // A budget that cannot be reached while the host stops: shares come back by themselves.
    private static readonly TimeSpan _leavePatience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, (ShareRenewal Renewal, ShareTarget Target)> _shares = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeProvider _time;

    internal EndpointShares(IEnumerable<(Endpoint Endpoint, BudgetSettings Settings)> endpoints, IBudget budget, HolderIdentity identity, TimeProvider time, ILoggerFactory loggers, PoolMeter? meter = null)
    {
        _time = time;
        foreach (var (endpoint, settings) in endpoints)
        {
            var target = new ShareTarget(endpoint.Pool, time, identity.IsClient, endpoint.History);
            var holder = new BudgetHolder(settings, identity.Name, identity.Generation, identity.IsClient);
            var renewal = new ShareRenewal(settings, holder, target, budget, time, loggers.CreateLogger<ShareRenewal>(), meter);
            endpoint.Pool.Starves = renewal.Wake;
            if (identity.IsClient) target.Apply(default, 0, [], Orders.None);
            _shares.Add(endpoint.Name, (renewal, target));
        }
    }

    /// <summary>Begins to ask. Once.</summary>
    public void Start()
    {
        foreach (var (renewal, _) in _shares.Values) renewal.Start();
    }

    /// <summary>Looks at once whether the endpoint's share is to be renewed: what it wants may have changed.</summary>
    public void Wake(string endpoint) => _shares[endpoint].Renewal.Wake();

    /// <summary>Has the endpoint's share renewed at once: its authority has something to tell. Nothing for an endpoint that is not here.</summary>
    public void Renew(string endpoint)
    {
        if (_shares.TryGetValue(endpoint, out var share)) share.Renewal.Hurry();
    }

    /// <summary>Brings the endpoint's history up to now, between two renewals.</summary>
    public void Look(string endpoint)
    {
        if (_shares.TryGetValue(endpoint, out var share)) share.Target.Look(_time.MonotonicNow());
    }

    /// <summary>
    /// A call that this host turned away for want of a share is being made by another one, on its caller's behalf: until <see cref="EndElsewhere"/> it counts as one
    /// that waits here, and so does the first of them lead to a request for a share.
    /// </summary>
    public void BeginElsewhere(string endpoint)
    {
        var (renewal, target) = _shares[endpoint];
        if (target.BeginElsewhere()) renewal.Wake();
    }

    /// <summary>That call is over.</summary>
    public void EndElsewhere(string endpoint) => _shares[endpoint].Target.EndElsewhere();

    /// <summary>Gives all shares back. To be called when all connections are closed.</summary>
    public async Task LeaveAsync()
    {
        using var patience = new CancellationTokenSource(_leavePatience, _time);
        await Task.WhenAll(_shares.Values.Select(share => share.Renewal.LeaveAsync(patience.Token))).ConfigureAwait(false);
        foreach (var (renewal, _) in _shares.Values) await renewal.DisposeAsync().ConfigureAwait(false);
    }
}
