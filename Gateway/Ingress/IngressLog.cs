using Microsoft.Extensions.Logging;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Gateway.Ingress;

/// <summary>What the ingress writes to the log.</summary>
internal sealed partial class IngressLog(ILogger logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(EventIds.CallFault, LogLevel.Error, "{Endpoint}: a call failed through a bug in the pool; please report it")]
    public partial void CallFault(string endpoint, Exception exception);

    [LoggerMessage(EventIds.CallerLeft, LogLevel.Debug, "{Endpoint}: the caller left: {Reason}")]
    public partial void CallerLeft(string endpoint, string reason);
}
