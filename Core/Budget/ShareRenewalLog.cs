using Microsoft.Extensions.Logging;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Core.Budget;

/// <summary>What a holder writes to the log.</summary>
internal sealed partial class ShareRenewalLog(ILogger logger, string endpoint)
{
    private readonly ILogger _logger = logger;

    public void RenewFailed(Exception failure) => RenewFailed(failure, endpoint);

    public void LeaseEnded(int connections) => LeaseEnded(endpoint, connections);

    public void LeaseRegained(int connections) => LeaseRegained(endpoint, connections);

    [LoggerMessage(EventIds.RenewFailed, LogLevel.Debug, "{Endpoint}: the budget does not answer; this host lives on its lease")]
    private partial void RenewFailed(Exception failure, string endpoint);

    [LoggerMessage(EventIds.LeaseEnded, LogLevel.Warning,
        "{Endpoint}: the lease ended without a new one; {Connections} connections are left as its floor. See whether silos and the budget's store reach each other")]
    private partial void LeaseEnded(string endpoint, int connections);

    [LoggerMessage(EventIds.LeaseRegained, LogLevel.Information, "{Endpoint}: there is a lease again, with {Connections} connections")]
    private partial void LeaseRegained(string endpoint, int connections);
}
