using Microsoft.Extensions.Logging;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Budget.Store;
using OrleansPool.Grains.Abstractions;
using OrleansPool.Wire;

namespace OrleansPool.Grains.Budget;

/// <summary>
/// What lies behind the budget grains of this silo: its seats, which outlive the activations in front of them. Thread-safe.
/// </summary>
internal sealed class BudgetService(BudgetSeats seats, ShareCalls shares, ILogger<BudgetService> logger)
{
    private readonly BudgetLog _log = new(logger);

    public async ValueTask<ShareMessage?> RenewAsync(string endpoint, RenewMessage request)
    {
        if (seats.Find(endpoint) is not { } seat) return null;
        var reply = await seat.RenewAsync(request.ToRequest(), CancellationToken.None).ConfigureAwait(false);
        return reply?.ToMessage();
    }

    public BudgetViewMessage View(string endpoint) => new() { Json = seats.Find(endpoint)?.View() is { } view ? BudgetJson.Write(view) : null };

    public async ValueTask<int> OrderAsync(string endpoint, OrderMessage message)
    {
        if (seats.Find(endpoint) is not { } seat || message.ToOrder() is not { } order) return (int)OrderOutcome.NobodyAnswers;
        var outcome = await seat.OrderAsync(order, CancellationToken.None).ConfigureAwait(false);
        if (outcome != OrderOutcome.NobodyAnswers) await shares.RenewAsync(endpoint).ConfigureAwait(false);
        return (int)outcome;
    }

    /// <summary>The activation goes elsewhere: the next one need neither wait nor learn. Never throws.</summary>
    public async Task HandOverAsync(string endpoint, CancellationToken cancellation)
    {
        if (seats.Find(endpoint) is not { } seat) return;
        try
        {
            await seat.ReleaseAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _log.HandOverFailed(endpoint, e);
        }
    }
}
