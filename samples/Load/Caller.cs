namespace OrleansPool.Samples.Load;

/// <summary>Calls at a pace, by one host after the other. A call that fails is counted, and not repeated: what the pool makes of it is to be seen.</summary>
internal static class Caller
{
    public static async Task RunAsync(ICaller caller, double pace, Tally tally, CancellationToken cancellation)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1 / pace), TimeProvider.System);
        try
        {
            for (var host = 0; await ticks.WaitForNextTickAsync(cancellation); host++) await CallAsync(caller, host, tally, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    /// <summary>Cancels; false where that is over already. As a signal's handler may find it.</summary>
    public static bool TryCancel(this CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private static async Task CallAsync(ICaller caller, int host, Tally tally, CancellationToken cancellation)
    {
        try
        {
            await caller.CallAsync(host, cancellation);
            tally.Answered();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or System.Net.Sockets.SocketException or TimeoutException)
        {
            tally.Failed(e.Message);
        }
    }
}
