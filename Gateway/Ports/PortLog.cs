using Microsoft.Extensions.Logging;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Gateway.Ports;

/// <summary>What the endpoints' own ports write to the log.</summary>
internal sealed partial class PortLog(ILogger logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(EventIds.CallFault, LogLevel.Error, "{Endpoint}: a call failed through a bug in the pool; please report it")]
    public partial void CallFault(string endpoint, Exception exception);

    [LoggerMessage(EventIds.CallerLeft, LogLevel.Debug, "{Endpoint}: the caller left: {Reason}")]
    public partial void CallerLeft(string endpoint, string reason);

    [LoggerMessage(EventIds.CallerCut, LogLevel.Information, "{Endpoint}: a caller's connection was ended: {Failure}")]
    public partial void CallerCut(string endpoint, string failure);
}
