using Microsoft.Extensions.Logging;
using OrleansPool.Core.Operations;

namespace OrleansPool.Core.Tests.Operations;

/// <summary>What of a host's log is kept for people.</summary>
public sealed class EventRingTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly EventRing _ring;
    private readonly ILogger _pool;

    public EventRingTests()
    {
        _ring = new EventRing(_clock);
        _pool = _ring.CreateLogger("OrleansPool.Pool");
    }

    [Fact]
    public void Line_OfThePool_IsKept_WithItsEndpoint()
    {
        Log(_pool, LogLevel.Warning, 203, "billing", "is out");
        var kept = Assert.Single(_ring.Now);
        Assert.Equal((1L, 203, LogLevel.Warning, "billing", "billing: is out", 1), (kept.Number, kept.Id, kept.Level, kept.Endpoint, kept.Text, kept.Times));
    }

    [Fact]
    public void Lines_OfOthers_OrWithoutANumber_OrTooFine_AreNot()
    {
        Log(_ring.CreateLogger("Microsoft.AspNetCore"), LogLevel.Error, 13, "billing", "no");
        Log(_pool, LogLevel.Error, 0, "billing", "no");
        Log(_pool, LogLevel.Debug, 302, "billing", "no");
        Assert.Empty(_ring.Now);
    }

    [Fact]
    public void Line_ThatRepeatsTheOneBefore_IsCounted_WithItsTime_AndANumberOfItsOwn()
    {
        Log(_pool, LogLevel.Warning, 101, "billing", "refused");
        _clock.Advance(TimeSpan.FromSeconds(3));
        Log(_pool, LogLevel.Warning, 101, "billing", "refused");
        var kept = Assert.Single(_ring.Now);
        Assert.Equal((2L, 2, _clock.GetUtcNow()), (kept.Number, kept.Times, kept.At));
        Log(_pool, LogLevel.Warning, 101, "orders", "refused");
        Assert.Equal([2, 1], _ring.Now.Select(each => each.Times));
    }

    [Fact]
    public void Ring_KeepsTheLast()
    {
        for (var line = 0; line < 500; line++) Log(_pool, LogLevel.Warning, 101, "billing", $"{line}");
        Assert.Equal((200, "billing: 499", 500L), (_ring.Now.Count, _ring.Now[^1].Text, _ring.Now[^1].Number));
        Assert.Equal("billing: 300", _ring.Now[0].Text);
    }

    private static void Log(ILogger logger, LogLevel level, int id, string endpoint, string what) =>
        logger.Log(level, new EventId(id, "Name"), new List<KeyValuePair<string, object?>> { new("Endpoint", endpoint) }, null, (_, _) => $"{endpoint}: {what}");
}
