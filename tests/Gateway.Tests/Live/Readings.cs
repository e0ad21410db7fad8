using System.Text.Json;

namespace OrleansPool.Gateway.Tests.Live;

/// <summary>Readings as /admin/live sends them, of a cluster of the test's own making: a quarter of an hour of it at once.</summary>
internal static class Readings
{
    private const int Seconds = 900;

    /// <summary>Endpoints with these names, each with some load.</summary>
    public static string Of(params IEnumerable<string> endpoints)
    {
        var rows = endpoints.Select(Row).ToList();
        return Event("cluster", new { isWhole = true, cluster = Cluster(), rows, events = Events(), trails = endpoints.ToDictionary(name => name, _ => Enumerable.Range(0, 60).Select(step => (int)LimitAt(Seconds - (step * 15)))) });
    }

    /// <summary>The same, and the page of the first of them.</summary>
    public static string WithPageOf(string endpoint, params IEnumerable<string> others) =>
        Event("history", History(endpoint)) + Of([endpoint, .. others]) + Event("endpoint", Picture(endpoint));

    private static object Row(string name, int at) => new
    {
        name, protocol = at % 3 == 1 ? "grpc" : "http1", idle = 3 + (at % 4), busy = at % 7, connecting = at % 5 == 2 ? 1 : 0, draining = at % 6 == 3 ? 2 : 0, share = 14, cap = 16 + (at % 3 * 4),
        inFlight = 9 + at, limit = 24 + at, mode = "enforce", why = "it is used up and nothing queues at the upstream, so it grows", held = at % 8 == 4 ? "paused" : null, waiting = at % 8 == 5 ? 12 : 0, oldestWaitMs = 84, calls = 412.3 + (at * 7), failed = at % 8 == 6 ? 31.2 : 0,
        p50 = 11.2 + at, p99 = 48.6 + at, addressesOut = at % 8 == 7 ? 1 : 0, addresses = 3,
    };

    private static object Cluster() => new
    {
        hosts = new[] { Host("10.1.0.11:11111"), Host("10.1.0.12:11111") }, silent = new[] { new { name = "10.1.0.13:11111", why = "It did not answer within 1 s: it is overloaded, frozen, or cut off." } },
        holders = 5, clients = 2, calls = 3128.4, failed = 31.2, p50 = 12.4, p95 = 33.1, p99 = 61.8, inFlight = 96, limit = 214, connections = 61, cap = 144, waiting = 12,
    };

    private static object Host(string name) => new { name, state = "ready", version = "0.1.0", started = "2026-01-01T08:00:00Z" };

    private static object[] Events() =>
    [
        new { at = "2026-01-01T09:12:03Z", host = "10.1.0.11:11111", kind = "AddressEjected", level = "warning", endpoint = "billing", text = "billing: 10.2.0.7:443 gets no calls for a while: 5 calls failed on end", times = 1 },
        new { at = "2026-01-01T09:12:07Z", host = "10.1.0.12:11111", kind = "LimitChanged", level = "information", endpoint = "billing", text = "billing: limit 28 → 24: calls queued at the upstream, so it was cut to what that can serve", times = 1 },
        new { at = "2026-01-01T09:12:41Z", host = "10.1.0.11:11111", kind = "AddressBack", level = "information", endpoint = "billing", text = "billing: 10.2.0.7:443 is well again and gets calls, few at first", times = 1 },
    ];

    private static object History(string name)
    {
        var ago = Enumerable.Range(0, Seconds).Select(second => Seconds - 1 - second).ToList();
        return new
        {
            name, ago, calls = ago.Select(back => Math.Round(400 + (60 * Math.Sin(back / 70.0)) + (back % 11), 1)), failed = ago.Select(back => back is > 300 and < 340 ? 22 : 0),
            inFlight = ago.Select(back => Math.Round(LimitAt(back) * (.7 + (.2 * Math.Sin(back / 40.0))), 1)), waiting = ago.Select(back => back is > 280 and < 340 ? 14 : 0), limit = ago.Select(LimitAt),
            p50 = ago.Select(back => Math.Round(11 + (2 * Math.Sin(back / 90.0)), 1)), p99 = ago.Select(back => Math.Round(46 + (back % 17) + (back is > 300 and < 340 ? 70.0 : 0), 1)),
            heat = new[] { Heat("10.1.0.11:11111", 14), Heat("10.1.0.12:11111", 9) },
        };
    }

    private static object Heat(string holder, int permits) => new { holder, permits = Enumerable.Range(0, 60).Select(step => permits + (step % 9) - (step % 4)), inFlight = Enumerable.Repeat(4, 60) };

    private static int LimitAt(int back) => back switch { > 640 => 20, > 340 => 28, > 220 => 18, > 90 => 22, _ => 24 };

    private static object Picture(string name) => new
    {
        name, baselineMs = 9.8,
        holders = new object[] { Holder("10.1.0.11:11111", false, 14), Holder("10.1.0.12:11111", false, 9), Holder("client-7f3a", true, 3) },
        addresses = new object[]
        {
            new { name = "billing-1.internal (10.2.0.6:443)", state = "well", why = "", outForSeconds = 0, outAt = 0, hosts = 2, weight = 1, connections = 8, inFlight = 6 },
            new { name = "billing-2.internal (10.2.0.7:443)", state = "ejected", why = "5 calls failed on end", outForSeconds = 21.5, outAt = 1, hosts = 2, weight = .4, connections = 0, inFlight = 0 },
        },
        errors = new object[]
        {
            new { stage = "admit", party = "pool", name = "QueueTimeout", count = 41, lastAgoSeconds = 8, detail = "Waited 5.0 s in the queue; limit 24, in flight 24. Raise Limits:Max if the upstream can take more." },
            new { stage = "receive", party = "upstream", name = "503", count = 880, lastAgoSeconds = 301, detail = "The upstream answered so." },
        },
        changes = new object[] { Change(640, 20, 28, "Grow", "it is used up and nothing queues at the upstream, so it grows"), Change(340, 28, 18, "PushBack", "the upstream pushed calls back"), Change(220, 18, 22, "Recover", "it is used up and was higher before without harm, so it grows fast"), Change(90, 22, 24, "Grow", "it is used up and nothing queues at the upstream, so it grows") },
        callers = new object[] { new { caller = "checkout", inFlight = 7, waiting = 0 }, new { caller = "backoffice", inFlight = 2, waiting = 0 } },
        leaks = Array.Empty<object>(),
    };

    private static object Holder(string name, bool isClient, int permits) =>
        new { name, isClient, isDead = false, permits, inFlight = permits / 2, waiting = 0, calls = 120.5, connections = permits / 2, secondsLeft = 21.4 };

    private static object Change(int back, int from, int to, string reason, string why) => new { agoSeconds = back, from, to, reason, why, qps = 402.1 };

    private static string Event(string name, object data) => $"event: {name}\ndata: {JsonSerializer.Serialize(data)}\n\n";
}
