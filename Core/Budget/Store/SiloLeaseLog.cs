using Microsoft.Extensions.Logging;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Core.Budget.Store;

/// <summary>What a silo writes to the log about leases on the store.</summary>
internal sealed partial class SiloLeaseLog(ILogger logger, string silo)
{
    private readonly ILogger _logger = logger;

    public void StoreFailed(Exception failure) => StoreFailed(failure, silo);

    public void SiloFenced() => SiloFenced(silo);

    public void Fenced(string other) => Fenced(silo, other);

    [LoggerMessage(EventIds.StoreFailed, LogLevel.Warning,
        "{Silo}: the budget's store cannot be reached; while it cannot, no shares are dealt here and holders live on what they have. See whether the database answers")]
    private partial void StoreFailed(Exception failure, string silo);

    [LoggerMessage(EventIds.SiloFenced, LogLevel.Warning, "{Silo}: another silo fenced this one's lease on the budget's store; the budgets held here were lost, and a new lease is taken")]
    private partial void SiloFenced(string silo);

    [LoggerMessage(EventIds.OtherFenced, LogLevel.Information, "{Silo}: fenced the lease of {Other}, which was not renewed any more")]
    private partial void Fenced(string silo, string other);
}
