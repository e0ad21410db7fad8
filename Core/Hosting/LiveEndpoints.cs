using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Hosting;

/// <summary>The running endpoints with the options that are in force: what becomes of them when some of their options change. Not thread-safe.</summary>
internal sealed class LiveEndpoints(
    OrleansPoolOptions started, Framings framings, EndpointDirectory endpoints, EndpointShares shares, IBudget budget, IBudgetAuthorities authorities, TimeProvider time)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, EndpointOptions> _inForce = new(started.Endpoints, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The options that these endpoints get: of <paramref name="changed"/> what can change now, of what is in force the rest. Mistakes that only the two together
    /// make, or the number of hosts, are added to <paramref name="errors"/>.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, EndpointOptions>> PlanAsync(OrleansPoolOptions changed, IEnumerable<string> names, ConfigErrors errors, CancellationToken cancellation)
    {
        var plan = new Dictionary<string, EndpointOptions>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in names.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (!changed.Endpoints.TryGetValue(name, out var options)) continue;
            options.KeepWhatNeedsARestart(_inForce[name]);
            plan.Add(name, options);
            await CheckMinimumsAsync(name, options, errors, cancellation).ConfigureAwait(false);
        }

        OptionsValidator.Check(new OrleansPoolOptions { Endpoints = new Dictionary<string, EndpointOptions>(plan, StringComparer.Ordinal), Budget = started.Budget }, framings, errors);
        return plan;
    }

    /// <summary>These are in force from now on.</summary>
    public void Apply(IReadOnlyDictionary<string, EndpointOptions> plan)
    {
        foreach (var (name, options) in plan)
        {
            if (!endpoints.TryGet(name, out var endpoint)) continue;
            _inForce[name] = options;
            authorities.Change(options.ToBudget(endpoint.Name, started.Budget), LimitLaws.Create(options.LawName));
            endpoint.Adjust(new PoolTuning(options.Pool.Min, options.Pool.Max, options.Queue), options.Limits);
            shares.Wake(endpoint.Name);
        }
    }

    private async Task CheckMinimumsAsync(string name, EndpointOptions options, ConfigErrors errors, CancellationToken cancellation)
    {
        var (min, max) = (options.Pool.Min, options.Pool.Max);
        var hosts = await HostsAsync(name, cancellation).ConfigureAwait(false);
        if (min <= max && (long)min * hosts > max)
            errors.Add($"{OrleansPoolOptions.Section}:Endpoints:{name}:Pool:Min", min, $"with {hosts} hosts that is {(long)min * hosts} connections, more than Pool:Max = {max}; lower Pool:Min or raise Pool:Max");
    }

    /// <summary>Hosts that have a share now; 1 where nobody can tell.</summary>
    private async Task<int> HostsAsync(string name, CancellationToken cancellation)
    {
        try
        {
            var view = await budget.ViewAsync(name, cancellation).AsTask().WaitAsync(_patience, time, cancellation).ConfigureAwait(false);
            return view?.Holders.Count(holder => holder is { IsDead: false, IsClient: false } && holder.TimeLeft > TimeSpan.Zero) ?? 1;
        }
#pragma warning disable CA1031 // The way to the budget is anybody's code. Who deals sees to it that minimums beyond the cap are not dealt.
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return 1;
        }
    }
}
