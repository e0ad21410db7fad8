using Microsoft.Extensions.Logging;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Core.Hosting;

/// <summary>What the pool host writes to the log.</summary>
internal sealed partial class PoolHostLog(ILogger logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(EventIds.Ready, LogLevel.Information, "{Endpoints} endpoints are warm; ready for calls")]
    public partial void Ready(int endpoints);

    [LoggerMessage(EventIds.DrainStarted, LogLevel.Information, "Draining: new calls are refused, those in flight have {Bound} to finish")]
    public partial void DrainStarted(TimeSpan bound);

    [LoggerMessage(EventIds.DrainEnded, LogLevel.Information, "Drained: no call is in flight and no channel is open")]
    public partial void DrainEnded();
}
