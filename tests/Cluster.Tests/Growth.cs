namespace OrleansPool.Cluster.Tests;

/// <summary>Watches a number that grows.</summary>
internal static class Growth
{
    /// <summary>The number once it has stopped growing: that nothing more happens can only be seen by looking for a while.</summary>
    public static async Task<long> SettledAsync(Func<long> read)
    {
        const int LooksAlike = 15;
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        var started = TimeProvider.System.GetTimestamp();
        var (last, alike) = (0L, 0);
        while (alike < LooksAlike && await looks.WaitForNextTickAsync())
        {
            var now = read();
            alike = now == last && now > 0 ? alike + 1 : 0;
            last = now;
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Eventually.Patience, $"Not within {Eventually.Patience}: that the number grows and then stands; it is {now}");
        }

        return last;
    }
}
