using Microsoft.Extensions.Logging;
using OrleansPool.Core.Budget.Store;
using OrleansPool.Grains.Abstractions;
using OrleansPool.Wire;

namespace OrleansPool.Grains.Budget;

/// <summary>
/// What lies behind the budget grains of this silo: its seats, which outlive the activations in front of them. Thread-safe.
/// </summary>
internal sealed class BudgetService(BudgetSeats seats, ILogger<BudgetService> logger)
{
    private readonly BudgetLog _log = new(logger);

    public async ValueTask<ShareMessage?> RenewAsync(string endpoint, RenewMessage request)
    {
        if (seats.Find(endpoint) is not { } seat) return null;
        var reply = await seat.RenewAsync(request.ToRequest(), CancellationToken.None).ConfigureAwait(false);
        return reply?.ToMessage();
    }

    public BudgetViewMessage View(string endpoint) => new() { Json = seats.Find(endpoint)?.View() is { } view ? BudgetJson.Write(view) : null };

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
