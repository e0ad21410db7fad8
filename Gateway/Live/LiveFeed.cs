using Microsoft.Extensions.Hosting;
using OrleansPool.Core.Model;
using OrleansPool.Core.Operations;

namespace OrleansPool.Gateway.Live;

/// <summary>
/// One frame a second for all viewers together, while there is one: nothing is gathered when nobody looks. A viewer that is slow to take a frame gets the one that is
/// the newest then, and no queue. Thread-safe.
/// </summary>
internal sealed class LiveFeed(IClusterReports reports, TimeProvider time, IHostApplicationLifetime host)
{
    /// <summary>Viewers at once, each a connection and, at an endpoint's page, one more question to every host.</summary>
    public const int MostViewers = 50;

    private static readonly TimeSpan _period = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<string?> _viewers = [];
    private TaskCompletionSource<LiveFrame> _next = NewNext();
    private LiveFrame? _latest;
    private bool _isRunning;

    /// <summary>Counts someone in who looks at the cluster, and at this endpoint. False when there are too many.</summary>
    public bool TryJoin(string? endpoint)
    {
        lock (_gate)
        {
            if (_viewers.Count >= MostViewers) return false;
            _viewers.Add(endpoint);
            if (_isRunning) return true;
            (_isRunning, _latest) = (true, null);
        }

        _ = Task.Run(RunAsync);
        return true;
    }

    /// <summary>The counterpart of <see cref="TryJoin"/>.</summary>
    public void Leave(string? endpoint)
    {
        lock (_gate) _viewers.Remove(endpoint);
    }

    /// <summary>The newest frame after that number, at once where it is there.</summary>
    public Task<LiveFrame> AfterAsync(long number, CancellationToken cancellation)
    {
        lock (_gate) return _latest is { } latest && latest.Number > number ? Task.FromResult(latest) : _next.Task.WaitAsync(cancellation);
    }

    private async Task RunAsync()
    {
        var frames = new LiveFrames(reports);
        using var ticks = new PeriodicTimer(_period, time);
        try
        {
            while (Watched() is { } watched)
            {
                Publish(await frames.NextAsync(watched, time.MonotonicNow(), host.ApplicationStopping).ConfigureAwait(false));
                await ticks.WaitForNextTickAsync(host.ApplicationStopping).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            // Whoever waits is told, and comes again; the next one to come starts anew.
            Fail(e);
        }
    }

    /// <summary>The endpoints that somebody looks at; null, and the end of it, when nobody looks at all.</summary>
    private List<string>? Watched()
    {
        lock (_gate)
        {
            _isRunning = _viewers.Count > 0;
            return _isRunning ? [.. _viewers.OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)] : null;
        }
    }

    private void Publish(LiveFrame frame)
    {
        TaskCompletionSource<LiveFrame> told;
        lock (_gate) (told, _next, _latest) = (_next, NewNext(), frame);
        told.SetResult(frame);
    }

    private void Fail(Exception failure)
    {
        TaskCompletionSource<LiveFrame> told;
        lock (_gate) (told, _next, _isRunning) = (_next, NewNext(), false);

        told.SetException(failure);

        // Looked at here, in case that nobody waits.
        _ = told.Task.Exception;
    }

    private static TaskCompletionSource<LiveFrame> NewNext() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
