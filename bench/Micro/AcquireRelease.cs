using System.Diagnostics.CodeAnalysis;
using System.Net;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Bench.Micro;

/// <summary>
/// What the pool adds to a call: taking a lease and giving it back. Channels and permits suffice for everybody, so that nobody waits in the queue:
/// what is measured is the pool's own work, and with many callers the fight for its lock. In a second pool permits are few, and everybody waits.
/// </summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "BenchmarkDotNet calls the cleanup.")]
public class AcquireRelease
{
    private const int Callers = 32;
    private const int CallsEach = 20_000;
    private const int CallsPerChannel = 100;
    private const int FewPermits = 4;

    private static readonly CallOutcome _good = new(Verdict.Success);

    private readonly Task[] _callers = new Task[Callers];
    private ChannelPool _pool = null!;
    private ChannelPool _narrow = null!;

    /// <summary>Whether channels carry many calls at once, or one.</summary>
    [Params(true, false)]
    public bool Multiplexed { get; set; }

    [GlobalSetup]
    public async Task OpenAsync()
    {
        _pool = await OpenAsync(Callers * (Multiplexed ? CallsPerChannel : 1));
        _narrow = await OpenAsync(FewPermits);
    }

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        await _pool.DisposeAsync();
        await _narrow.DisposeAsync();
    }

    [Benchmark]
    public void Uncontended()
    {
        // Not awaited, so that no state machine of the benchmark's own is measured; nobody else calls, so it completes at once.
        var acquiring = _pool.AcquireAsync(new Admission(Deadline.None), CancellationToken.None);
        if (!acquiring.IsCompletedSuccessfully) throw new InvalidOperationException("The pool made the only caller wait.");
        _pool.Return(acquiring.GetAwaiter().GetResult().Lease, _good);
    }

    [Benchmark(OperationsPerInvoke = Callers * CallsEach)]
    public Task ThirtyTwoWay()
    {
        for (var caller = 0; caller < Callers; caller++) _callers[caller] = Task.Run(CallAsync);
        return Task.WhenAll(_callers);
    }

    [Benchmark(OperationsPerInvoke = Callers * CallsEach)]
    public Task Queued()
    {
        for (var caller = 0; caller < Callers; caller++) _callers[caller] = Task.Run(WaitAndCallAsync);
        return Task.WhenAll(_callers);
    }

    private async Task CallAsync()
    {
        for (var call = 0; call < CallsEach; call++) _pool.Return(await AcquireAsync(_pool), _good);
    }

    private async Task WaitAndCallAsync()
    {
        for (var call = 0; call < CallsEach; call++)
        {
            var lease = await AcquireAsync(_narrow);

            // As calls do: others come meanwhile.
            await Task.Yield();
            _narrow.Return(lease, _good);
        }
    }

    private static async ValueTask<ChannelLease> AcquireAsync(ChannelPool pool)
    {
        var acquired = await pool.AcquireAsync(new Admission(Deadline.None), CancellationToken.None);
        return acquired.Failure is null ? acquired.Lease : throw new InvalidOperationException(acquired.Failure.ToString());
    }

    private async Task<ChannelPool> OpenAsync(int permits)
    {
        var options = new PoolOptions { Min = Multiplexed ? 2 : Callers, Max = Callers, ConnectConcurrency = Callers, IdleTimeout = TimeSpan.Zero };
        var settings = new PoolSettings("bench", Multiplexed, Multiplexed ? CallsPerChannel : 1, options, new QueueOptions());
        var limiter = new ShareLimiter(permits, TimeProvider.System.MonotonicNow());
        var pool = new ChannelPool(settings, new MemoryTransport(Multiplexed), limiter, new PoolTotals(), TimeProvider.System, NullLogger.Instance);
        pool.Apply(new PoolShare(permits, options.Max));
        pool.SetAddresses([new ResolvedAddress(new UpstreamAddress("127.0.0.1", 1), new IPEndPoint(IPAddress.Loopback, 1))]);
        await pool.Warm;
        return pool;
    }
}
