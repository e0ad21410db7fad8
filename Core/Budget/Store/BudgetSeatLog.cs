using Microsoft.Extensions.Logging;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Core.Budget.Store;

/// <summary>What a seat writes to the log.</summary>
internal sealed partial class BudgetSeatLog(ILogger logger, string endpoint)
{
    private readonly ILogger _logger = logger;

    public void StoreFailed(Exception failure) => StoreFailed(failure, endpoint);

    public void Taken(long epoch, TimeSpan learning) => Taken(endpoint, epoch, learning);

    public void Lost(long epoch) => Lost(endpoint, epoch);

    public void MinimumsBeyondCap(int wanted, int cap) => MinimumsBeyondCap(endpoint, wanted, cap);

    [LoggerMessage(EventIds.MinimumsBeyondCap, LogLevel.Warning,
        "{Endpoint}: Pool:Min asks for {Wanted} connections over all hosts, Pool:Max is {Cap}: hosts get less than their minimum. Lower Pool:Min or raise Pool:Max")]
    private partial void MinimumsBeyondCap(string endpoint, int wanted, int cap);

    [LoggerMessage(EventIds.RowFailed, LogLevel.Debug, "{Endpoint}: the budget's row could not be written; it is tried again")]
    private partial void StoreFailed(Exception failure, string endpoint);

    [LoggerMessage(EventIds.BudgetTaken, LogLevel.Information, "{Endpoint}: the budget is held here from epoch {Epoch} on; it learns for {Learning} before it deals anew")]
    private partial void Taken(string endpoint, long epoch, TimeSpan learning);

    [LoggerMessage(EventIds.BudgetLost, LogLevel.Information, "{Endpoint}: the budget of epoch {Epoch} is held elsewhere now")]
    private partial void Lost(string endpoint, long epoch);
}
