using Microsoft.Extensions.Logging;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Core.Transports.JsonRpc;

/// <summary>What an endpoint's JSON-RPC channels write to the log. Thread-safe.</summary>
internal sealed partial class JsonRpcLog(ILogger logger, string endpoint, TimeProvider time)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMinutes(1);

    private readonly ILogger _logger = logger;
    private readonly Lock _gate = new();
    private long? _lastTold;

    /// <summary>Tells at most once a minute that answers came under ids that were never given out.</summary>
    /// <param name="total">How many came so far.</param>
    public void UnknownReply(long total)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_lastTold is { } last && time.GetElapsedTime(last, now) < _pause) return;
            _lastTold = now;
        }

        UnknownReply(endpoint, total);
    }

    [LoggerMessage(EventIds.UnknownReply, LogLevel.Warning, "{Endpoint}: an answer had an id that was never given out and was dropped, {Total} so far. The upstream must answer a request's id as it was sent")]
    private partial void UnknownReply(string endpoint, long total);
}
