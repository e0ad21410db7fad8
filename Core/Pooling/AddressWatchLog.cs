using Microsoft.Extensions.Logging;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Core.Pooling;

/// <summary>What the address watch writes to the log.</summary>
internal sealed partial class AddressWatchLog(ILogger logger, string endpoint)
{
    private readonly ILogger _logger = logger;

    public void AddressesChanged(string addresses) => AddressesChanged(endpoint, addresses);

    public void ResolveFailed(string host) => ResolveFailed(endpoint, host);

    [LoggerMessage(EventIds.AddressesChanged, LogLevel.Information, "{Endpoint}: addresses are now {Addresses}")]
    private partial void AddressesChanged(string endpoint, string addresses);

    [LoggerMessage(EventIds.ResolveFailed, LogLevel.Warning, "{Endpoint}: {Host} does not resolve; its last known addresses stay. Check the DNS that this host uses")]
    private partial void ResolveFailed(string endpoint, string host);
}
