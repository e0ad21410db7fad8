using Microsoft.Extensions.Logging;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Core.Hosting;

/// <summary>What becomes of a configuration that changed while the host runs, for the log.</summary>
internal sealed partial class ConfigurationLog(ILogger logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(EventIds.ConfigurationChanged, LogLevel.Information, "The changed configuration is in force: {Settings}")]
    public partial void Changed(string settings);

    [LoggerMessage(EventIds.ConfigurationRefused, LogLevel.Error,
        "The changed configuration was refused, the one before stays in force. Mend it and save it again; docs/options.md has every option.\n  - {Mistakes}")]
    public partial void Refused(string mistakes);

    [LoggerMessage(EventIds.ConfigurationNeedsRestart, LogLevel.Warning, "Changed, but in force from the next start of this host only: {Keys}")]
    public partial void NeedsRestart(string keys);
}
