using Microsoft.Extensions.Logging;
using OrleansPool.Core.Model;
using OrleansPool.Core.Transports;
using System.Net;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// Keeps a pool's addresses true: resolves the configured host names again and again, and hands the pool what they stand for now. A name that stops
/// resolving keeps its last addresses: a name service that is down for a while must not take the upstream with it.
/// </summary>
internal sealed class AddressWatch(
    string endpoint, IReadOnlyList<UpstreamAddress> configured, IAddressResolver resolver, ChannelPool pool, TimeSpan refresh, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    private readonly AddressWatchLog _log = new(logger, endpoint);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<UpstreamAddress, ResolvedAddress[]> _lastGood = [];
    private ResolvedAddress[] _current = [];
    private Task _watching = Task.CompletedTask;

    /// <summary>Resolves once, then goes on in the background.</summary>
    public async Task StartAsync()
    {
        await RefreshAsync().ConfigureAwait(false);
        if (configured.All(address => IPAddress.TryParse(address.Host, out _))) return;
        _watching = WatchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(refresh, time);
        while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false)) await RefreshAsync().ConfigureAwait(false);
    }

    private async Task RefreshAsync()
    {
        foreach (var address in configured)
        {
            var found = await resolver.ResolveAsync(address.Host, _stopping.Token).ConfigureAwait(false);
            if (found.Count > 0) _lastGood[address] = [.. found.Select(ip => new ResolvedAddress(address, new IPEndPoint(ip, address.Port)))];
            else _log.ResolveFailed(address.Host);
        }

        ResolvedAddress[] now = [.. configured.SelectMany(address => _lastGood.GetValueOrDefault(address, [])).Order(Comparer)];
        if (_current.Length > 0 && now.SequenceEqual(_current)) return;
        if (_current.Length > 0) _log.AddressesChanged(string.Join(", ", now.AsEnumerable()));
        _current = now;
        pool.SetAddresses(now);
    }

    // Name servers rotate their answers; only another set is a change.
    private static readonly Comparer<ResolvedAddress> Comparer =
        Comparer<ResolvedAddress>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));
}
