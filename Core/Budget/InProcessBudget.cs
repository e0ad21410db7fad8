using System.Collections.Concurrent;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Budget;

/// <summary>
/// The budgets of a process that has its upstreams to itself: the same authority as in a cluster, without store and takeover, since it lives and dies with
/// its only holder. Thread-safe.
/// </summary>
public sealed class InProcessBudget(TimeProvider time) : IBudget, IBudgetAuthorities
{
    private readonly ConcurrentDictionary<string, BudgetAuthority> _authorities = new(StringComparer.Ordinal);

    /// <summary>Adds an endpoint. Its holder keeps its share when nobody calls, as no other could use it.</summary>
    /// <exception cref="ArgumentException">There is one of that name.</exception>
    public void Add(BudgetSettings settings, ILimitLaw law)
    {
        var now = time.MonotonicNow();
        var authority = new BudgetAuthority(settings with { IdleAfter = TimeSpan.MaxValue }, new LimitController(law, settings.Bounds, now, mode: settings.Mode), epoch: 1, now, mustLearn: false);
        if (!_authorities.TryAdd(settings.Endpoint, authority)) throw new ArgumentException($"There is a budget of {settings.Endpoint} already.", nameof(settings));
    }

    /// <inheritdoc />
    public void Change(BudgetSettings settings, ILimitLaw law)
    {
        if (!_authorities.TryGetValue(settings.Endpoint, out var authority)) return;
        lock (authority) authority.Change(settings, law, time.MonotonicNow());
    }

    /// <inheritdoc />
    public IReadOnlyList<BudgetView> Views() => [.. _authorities.Values.Select(View)];

    /// <inheritdoc />
    public ValueTask<RenewReply?> RenewAsync(string endpoint, RenewRequest request, CancellationToken cancellation)
    {
        var authority = _authorities[endpoint];
        lock (authority) return new(authority.Renew(request, time.MonotonicNow()));
    }

    /// <inheritdoc />
    public ValueTask<BudgetView?> ViewAsync(string endpoint, CancellationToken cancellation)
    {
        return new(_authorities.TryGetValue(endpoint, out var authority) ? View(authority) : null);
    }

    /// <inheritdoc />
    /// <remarks>There is no store: nothing outlives the process, be it to be kept or not.</remarks>
    public ValueTask<OrderOutcome> OrderAsync(string endpoint, Order order, CancellationToken cancellation)
    {
        if (!_authorities.TryGetValue(endpoint, out var authority)) return new(OrderOutcome.NobodyAnswers);
        lock (authority) authority.Take(order, time.MonotonicNow());
        return new(order.IsKept ? OrderOutcome.NotStored : OrderOutcome.InForce);
    }

    private BudgetView View(BudgetAuthority authority)
    {
        lock (authority) return authority.View(time.MonotonicNow());
    }
}
