using System.Net;

namespace OrleansPool.Bench.Proof.Load;

/// <summary>
/// Calls by way of the silos' ingress ports, behind a load balancer of the plainest kind: in turn to those whose /ready answered lately, and on to the next
/// where nobody listens. It repeats nothing that was sent.
/// </summary>
internal sealed class IngressCaller : ICaller
{
    private static readonly TimeSpan _checkPeriod = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _checkPatience = TimeSpan.FromSeconds(1);

    private readonly string _host;
    private readonly List<Target> _targets;
    private readonly CancellationTokenSource _end = new();
    private readonly HttpMessageInvoker _way = new(new SocketsHttpHandler { ActivityHeadersPropagator = null, UseProxy = false, UseCookies = false });
    private readonly Task _checks;
    private int _turn;

    public IngressCaller(string endpoint, IEnumerable<Uri> ingresses)
    {
        _host = $"{endpoint}.pool";
        _targets = [.. ingresses.Select(origin => new Target(origin))];
        _checks = Task.WhenAll(_targets.Select(CheckAsync));
    }

    /// <inheritdoc />
    public async Task<string?> CallAsync(CancellationToken cancellation)
    {
        var first = Interlocked.Increment(ref _turn) & int.MaxValue;
        for (var attempt = 0; attempt < _targets.Count; attempt++)
        {
            var target = _targets[(first + attempt) % _targets.Count];
            if (!target.IsReady) continue;
            var error = await Answers.CallAsync(_way, target.Origin, _host, cancellation);
            if (error is not Answers.NotConnected) return error;
        }

        return Answers.NotConnected;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _checks;
        _way.Dispose();
        _end.Dispose();
    }

    private async Task CheckAsync(Target target)
    {
        using var client = new HttpClient { BaseAddress = target.Origin, Timeout = _checkPatience };
        using var ticks = new PeriodicTimer(_checkPeriod, TimeProvider.System);
        while (!_end.IsCancellationRequested)
        {
            target.IsReady = await IsReadyAsync(client, _end.Token);
            try
            {
                await ticks.WaitForNextTickAsync(_end.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancellation)
    {
        try
        {
            using var response = await client.GetAsync(new Uri("/ready", UriKind.Relative), cancellation);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private sealed class Target(Uri origin)
    {
        private volatile bool _isReady;

        public Uri Origin => origin;

        public bool IsReady
        {
            get => _isReady;
            set => _isReady = value;
        }
    }
}
