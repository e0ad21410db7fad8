using Microsoft.Extensions.Logging;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Grains.Budget;

/// <summary>What a silo writes to the log about the budgets that it holds.</summary>
internal sealed partial class BudgetLog(ILogger logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(EventIds.HandOverFailed, LogLevel.Warning, "{Endpoint}: the budget could not be handed over; who takes it over has to wait and to learn, as after a crash")]
    public partial void HandOverFailed(string endpoint, Exception exception);
}
