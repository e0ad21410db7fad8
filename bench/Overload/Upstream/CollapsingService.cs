using Microsoft.AspNetCore.Http;

namespace OrleansPool.Bench.Overload.Upstream;

/// <summary>
/// A service that does <see cref="Slots"/> calls at once in good time and gets slower than in proportion beyond: n calls at once share the slots, and
/// every <see cref="Slots"/> more of them cost as much again (locks, caches, collection). So throughput is best at <see cref="Slots"/> and halves at
/// twice as many. Work that its caller gave up is done to the end, as in most services. Thread-safe.
/// </summary>
internal sealed class CollapsingService(TimeProvider time)
{
    /// <summary>Calls at once at which throughput is best.</summary>
    public const int Slots = 20;

    private const double JitterShare = 0.25;
    private static readonly TimeSpan _serviceTime = TimeSpan.FromMilliseconds(40);

    private int _inFlight;

    /// <summary>Calls per second at its best.</summary>
    public static double Capacity => Slots / _serviceTime.TotalSeconds;

    /// <summary>Serves one call with an empty gRPC message.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        try
        {
            await Task.Delay(ServiceTime(Interlocked.Increment(ref _inFlight)), time);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }

        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static TimeSpan ServiceTime(int inFlight)
    {
        var excess = Math.Max(0, inFlight - Slots) / (double)Slots;
        var shared = Math.Max(1, inFlight / (double)Slots) * (1 + excess);
        return _serviceTime * shared * (1 + (JitterShare * ((2 * Random.Shared.NextDouble()) - 1)));
    }
}
