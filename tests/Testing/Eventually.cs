namespace OrleansPool.Testing;

/// <summary>Waits for what other threads and processes do; every wait is bounded and says what was missing.</summary>
public static class Eventually
{
    /// <summary>Long enough for a slow machine, short enough for a person.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const int QuickLooks = 500;

    private static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(5);

    /// <summary>Completes when <paramref name="condition"/> holds.</summary>
    public static Task HoldsAsync(Func<bool> condition, string expected, TimeSpan? patience = null) =>
        HoldsAsync(() => Task.FromResult(condition()), expected, patience);

    /// <summary>Completes when <paramref name="condition"/> holds.</summary>
    /// <param name="condition">Asked again and again.</param>
    /// <param name="expected">What is missing when it does not hold in time.</param>
    /// <param name="patience">How long that is; <see cref="Patience"/> by default.</param>
    /// <param name="pause">Between two looks, where each is work for somebody else; by default the first looks come without any.</param>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string expected, TimeSpan? patience = null, TimeSpan? pause = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var glances = new PeriodicTimer(pause ?? _glance, TimeProvider.System);
        for (var looks = 0; !await condition(); looks++)
        {
            // What is only a few steps away on other threads needs no clock.
            if (pause is null && looks < QuickLooks)
            {
                await Task.Yield();
                continue;
            }

            if (TimeProvider.System.GetElapsedTime(started) > (patience ?? Patience)) Assert.Fail($"Not within {patience ?? Patience}: {expected}");
            await glances.WaitForNextTickAsync();
        }
    }

    /// <summary>The task's result, if it comes in time.</summary>
    public static async Task<T> InTime<T>(this Task<T> task, string expected)
    {
        await InTime((Task)task, expected);
        return await task;
    }

    /// <summary>The task's end, if it comes in time.</summary>
    public static async Task InTime(this Task task, string expected)
    {
        try
        {
            await task.WaitAsync(Patience, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Not within {Patience}: {expected}");
        }
    }

    /// <summary>The value task's result, if it comes in time.</summary>
    public static Task<T> InTime<T>(this ValueTask<T> task, string expected) => task.AsTask().InTime(expected);
}
