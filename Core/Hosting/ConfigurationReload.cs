using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using OrleansPool.Core.Hosting.Metrics;

namespace OrleansPool.Core.Hosting;

/// <summary>
/// Applies a configuration that changes while the host runs. The whole of it is checked as at the start; with a single mistake all of it is refused, and the
/// last good one stays in force. What can change without a restart does, by drain; what cannot is named in the log. Thread-safe.
/// </summary>
internal sealed class ConfigurationReload : IHostedService, IDisposable
{
    private readonly OptionsReader _reader;
    private readonly EndpointDirectory _endpoints;
    private readonly LiveEndpoints _live;
    private readonly IEnumerable<IConfigurationCheck> _checks;
    private readonly ConfigurationMetrics _metrics;
    private readonly ConfigurationLog _log;
    private readonly ConfigurationKeys _started;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private ConfigurationKeys _inForce;
    private string _toldRestart = "";
    private IDisposable? _watch;
    private Task _loop = Task.CompletedTask;

    public ConfigurationReload(OptionsReader reader, EndpointDirectory endpoints, LiveEndpoints live, IEnumerable<IConfigurationCheck> checks, ConfigurationMetrics metrics, ILogger<ConfigurationReload> logger)
    {
        (_reader, _endpoints, _live, _checks, _metrics) = (reader, endpoints, live, checks, metrics);
        _log = new ConfigurationLog(logger);
        _started = _inForce = ConfigurationKeys.Of(reader.Configuration);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _watch = ChangeToken.OnChange(_reader.Configuration.GetReloadToken, () => _signal.Writer.TryWrite(true));
        _loop = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _watch?.Dispose();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>Looks at the configuration as it is now. One at a time.</summary>
    public async Task ApplyAsync(CancellationToken cancellation)
    {
        var keys = ConfigurationKeys.Of(_reader.Configuration);
        var changed = keys.ChangedFrom(_inForce).Where(IsLive).ToList();
        var errors = new ConfigErrors();
        foreach (var check in _checks) check.Check(_reader.Configuration, errors);
        var options = _reader.Read(errors);
        if (IsRefused(errors)) return;
        var plan = await _live.PlanAsync(options, changed.Select(ConfigurationKeys.EndpointOf), errors, cancellation).ConfigureAwait(false);
        if (IsRefused(errors)) return;
        _live.Apply(plan);
        _inForce = keys;
        _metrics.Applied();
        if (changed.Count > 0) _log.Changed(string.Join(", ", changed.Select(keys.Describe)));
        TellRestart(keys);
    }

    private bool IsRefused(ConfigErrors errors)
    {
        if (errors.All.Count == 0) return false;
        _metrics.Refused();
        _log.Refused(string.Join("\n  - ", errors.All));
        return true;
    }

    private async Task RunAsync()
    {
        await foreach (var _ in _signal.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
        {
            try
            {
                await ApplyAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // A source of configuration is anybody's code; the next change is looked at all the same.
                _metrics.Refused();
                _log.Refused($"{e.GetType().Name}: {e.Message}");
            }
        }
    }

    private bool IsLive(string key) => ConfigurationKeys.IsLive(key) && _endpoints.TryGet(ConfigurationKeys.EndpointOf(key), out _);

    private void TellRestart(ConfigurationKeys keys)
    {
        // Names alone: among these values are secrets.
        var waiting = string.Join(", ", keys.ChangedFrom(_started).Where(key => !IsLive(key)));
        if (waiting.Length > 0 && !string.Equals(waiting, _toldRestart, StringComparison.Ordinal)) _log.NeedsRestart(waiting);
        _toldRestart = waiting;
    }
}
