using Microsoft.Extensions.Logging;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Gateway.Admin;

/// <summary>Who told the pool what, for the audit.</summary>
internal sealed partial class AdminLog(ILogger logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(EventIds.OperatorTold, LogLevel.Information, "{Operator} told {Endpoint}: {Verb} {Arguments}; outcome: {Outcome}")]
    public partial void Told(string @operator, string endpoint, string verb, string arguments, string outcome);

    [LoggerMessage(EventIds.OperatorRefused, LogLevel.Warning, "A {Method} to the admin pages came from {Address} without the right to write. If that was you, send the key of Gateway:Admin (docs/admin.md)")]
    public partial void Refused(string method, string address);
}
