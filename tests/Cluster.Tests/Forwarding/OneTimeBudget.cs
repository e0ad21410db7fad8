using System.Collections.Concurrent;
using OrleansPool.Core.Budget;

namespace OrleansPool.Cluster.Tests.Forwarding;

/// <summary>A budget that grants each holder plenty once, for good, and then answers no more: from there on the test says who has what.</summary>
internal sealed class OneTimeBudget : IBudget
{
    private readonly ConcurrentDictionary<(string Endpoint, string Holder), bool> _granted = new();

    public ValueTask<RenewReply?> RenewAsync(string endpoint, RenewRequest request, CancellationToken cancellation)
    {
        if (!_granted.TryAdd((endpoint, request.Holder), true)) return new((RenewReply?)null);
        return new(new RenewReply
        {
            Number = request.Number,
            Epoch = 1,
            Permits = 1000,
            Connections = 10,
            Floor = 0,
            TimeToLive = TimeSpan.FromHours(1),
            RenewAfter = TimeSpan.FromHours(1),
            Limit = 1000,
        });
    }

    public ValueTask<BudgetView?> ViewAsync(string endpoint, CancellationToken cancellation) => new((BudgetView?)null);

    public ValueTask<OrderOutcome> OrderAsync(string endpoint, Order order, CancellationToken cancellation) => throw new NotSupportedException();
}
