namespace OrleansPool.Samples.Load;

/// <summary>What became of the calls, told every five seconds. Thread-safe.</summary>
internal sealed class Tally
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(5);

    private long _answered;
    private long _failed;
    private volatile string _lastFailure = "";

    public void Answered() => Interlocked.Increment(ref _answered);

    public void Failed(string why)
    {
        Interlocked.Increment(ref _failed);
        _lastFailure = why;
    }

    /// <summary>Tells until it is told to stop.</summary>
    public async Task TellAsync(CancellationToken cancellation)
    {
        using var ticks = new PeriodicTimer(_period, TimeProvider.System);
        try
        {
            while (await ticks.WaitForNextTickAsync(cancellation)) Console.WriteLine(Line());
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine(Line());
        }
    }

    private string Line()
    {
        var (answered, failed) = (Interlocked.Exchange(ref _answered, 0), Interlocked.Exchange(ref _failed, 0));
        return failed == 0 ? $"{answered} calls answered" : $"{answered} calls answered, {failed} failed: {_lastFailure}";
    }
}
