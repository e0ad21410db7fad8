using System.Diagnostics;
using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Pooling;

/// <summary>Runs the attempts to open connections whose slots are reserved, and tells the pool how each ended. Thread-safe.</summary>
internal sealed class Opener(ChannelPool pool, Connector connector) : IDisposable
{
    private CancellationTokenSource _round = new();

    /// <summary>Begins so many attempts.</summary>
    public void Start(int connects)
    {
        for (var started = 0; started < connects; started++) StartOne();
    }

    /// <summary>Ends all attempts under way; each gives its slot back when its socket is closed.</summary>
    public void Withdraw()
    {
        Interlocked.Exchange(ref _round, new CancellationTokenSource()).Cancel();
    }

    /// <inheritdoc />
    public void Dispose() => _round.Dispose();

    /// <summary>One attempt at that host, whose slot is reserved; null when it succeeded.</summary>
    public async ValueTask<CallFailure?> OpenAsync(UpstreamHost host, CancellationToken cancellation)
    {
        try
        {
            var result = await connector.ConnectToAsync(host, cancellation).ConfigureAwait(false);
            if (result.Channel is not null) pool.Opened(host, result.Channel);
            else pool.ConnectFailed(result.Failure!);
            return result.Failure;
        }
        catch (OperationCanceledException)
        {
            pool.ConnectFailed(null);
            throw;
        }
    }

    private void StartOne()
    {
        // A channel outlives the call that caused it: it must not carry that call's ambient context (trace, grain context) for life.
        var cause = PoolTraces.TakeCause();
        if (ExecutionContext.IsFlowSuppressed())
        {
            _ = ConnectAsync(cause);
            return;
        }

        using (ExecutionContext.SuppressFlow()) _ = ConnectAsync(cause);
    }

    private async Task ConnectAsync(ActivityContext cause)
    {
        var cancellation = Volatile.Read(ref _round).Token;
        var (host, result) = await connector.ConnectAsync(cause, cancellation).ConfigureAwait(false);
        if (host is not null) pool.Opened(host, result.Channel!);
        else pool.ConnectFailed(cancellation.IsCancellationRequested ? null : result.Failure!);
    }
}
