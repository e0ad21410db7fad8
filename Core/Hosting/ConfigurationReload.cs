using System.Threading.Channels;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using OrleansPool.Core.Hosting.Metrics;

namespace OrleansPool.Core.Hosting;

/// <summary>
/// Applies a configuration that changes while the host runs. The whole of it is checked as at the start; with a single mistake all of it is refused, and the
/// last good one stays in force. What can change without a restart does, by drain; what cannot is named in the log. Thread-safe.
/// </summary>
internal sealed class ConfigurationReload : IHostedService, IConfigurationState, IDisposable
{
    private readonly OptionsReader _reader;
    private readonly EndpointDirectory _endpoints;
    private readonly LiveEndpoints _live;
    private readonly IEnumerable<IConfigurationCheck> _checks;
    private readonly ConfigurationMetrics _metrics;
    private readonly ConfigurationLog _log;
    private readonly ConfigurationKeys _started;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private ConfigurationKeys _inForce;
    private volatile bool _isRereading;
    private string _toldRestart = "";
    private IDisposable? _watch;
    private Task _loop = Task.CompletedTask;

    public ConfigurationReload(OptionsReader reader, EndpointDirectory endpoints, LiveEndpoints live, IEnumerable<IConfigurationCheck> checks, ConfigurationMetrics metrics, TimeProvider time, ILogger<ConfigurationReload> logger)
    {
        (_reader, _endpoints, _live, _checks, _metrics, _time) = (reader, endpoints, live, checks, metrics, time);
        Last = new ReloadResult(1, time.GetUtcNow(), IsApplied: true);
        _log = new ConfigurationLog(logger);
        _started = _inForce = ConfigurationKeys.Of(reader.Configuration);
    }

    public ReloadResult Last { get; private set; }

    public IReadOnlyList<ConfiguredSetting> Settings => ConfiguredSetting.AllOf(_reader.Configuration);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _watch = ChangeToken.OnChange(_reader.Configuration.GetReloadToken, Changed);
        _loop = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _watch?.Dispose();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _turn.Dispose();
    }

    public async Task<ReloadResult> ReloadAsync(CancellationToken cancellation)
    {
        Reread();
        await LookAsync(cancellation).ConfigureAwait(false);
        return Last;
    }

    // Sources tell of the change while they are read, before this returns.
    private void Reread()
    {
        _isRereading = true;
        (_reader.Configuration as IConfigurationRoot)?.Reload();
        _isRereading = false;
    }

    private void Changed()
    {
        if (!_isRereading) _signal.Writer.TryWrite(true);
    }

    /// <summary>Looks at the configuration as it is now. One at a time.</summary>
    public async Task ApplyAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await ApplyOnceAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task ApplyOnceAsync(CancellationToken cancellation)
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
        Last = new ReloadResult(Last.Version + 1, _time.GetUtcNow(), IsApplied: true) { Changes = [.. changed.Select(keys.Describe)], NeedRestart = [.. keys.ChangedFrom(_started).Where(key => !IsLive(key))] };
        if (changed.Count > 0) _log.Changed(string.Join(", ", Last.Changes));
        TellRestart();
    }

    private bool IsRefused(ConfigErrors errors)
    {
        if (errors.All.Count == 0) return false;
        Refuse(errors.All);
        return true;
    }

    private void Refuse(IReadOnlyList<string> mistakes)
    {
        Last = new ReloadResult(Last.Version, _time.GetUtcNow(), IsApplied: false) { Mistakes = mistakes, NeedRestart = Last.NeedRestart };
        _metrics.Refused();
        _log.Refused(string.Join("\n  - ", mistakes));
    }

    private async Task RunAsync()
    {
        await foreach (var _ in _signal.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false)) await LookAsync(_stopping.Token).ConfigureAwait(false);
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            await ApplyAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A source of configuration is anybody's code; the next change is looked at all the same.
            Refuse([$"{e.GetType().Name}: {e.Message}"]);
        }
    }

    private bool IsLive(string key) => ConfigurationKeys.IsLive(key) && _endpoints.TryGet(ConfigurationKeys.EndpointOf(key), out _);

    private void TellRestart()
    {
        // Names alone: among these values are secrets.
        var waiting = string.Join(", ", Last.NeedRestart);
        if (waiting.Length > 0 && !string.Equals(waiting, _toldRestart, StringComparison.Ordinal)) _log.NeedsRestart(waiting);
        _toldRestart = waiting;
    }
}
