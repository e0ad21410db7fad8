using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling.Health;
using OrleansPool.Core.Transports;
using Polly;
using Polly.CircuitBreaker;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// One resolved address of an endpoint, with its circuit breaker: an address that fails is left alone for a while, longer each time, and probed back
/// by a single attempt.
/// </summary>
internal sealed class UpstreamHost
{
    // Opens when half of at least 3 attempts within 30 s failed: one lost SYN does not, a dead host does within one round of attempts.
    private const double FailureRatio = 0.5;
    private const int MinimumAttempts = 3;
    private static readonly TimeSpan _samplingDuration = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly ResiliencePipeline<ConnectResult> _breaker;
    private readonly PoolOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private Deadline _blockedUntil;
    private bool _isLeftOut;
    private bool _wantsProbe;
    private bool _wasBlocked;

    public UpstreamHost(ResolvedAddress address, PoolSettings settings, TimeProvider time, Random random)
    {
        Address = address;
        (_options, _time, _random) = (settings.Pool, time, random);
        Health = new AddressHealth(settings.Outliers, random);
        _breaker = new ResiliencePipelineBuilder<ConnectResult> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<ConnectResult>
            {
                FailureRatio = FailureRatio,
                MinimumThroughput = MinimumAttempts,
                SamplingDuration = _samplingDuration,
                ShouldHandle = args => new(args.Outcome.Result.Failure is not null),
                BreakDurationGenerator = args => new(NextBreak(args.HalfOpenAttempts)),
                OnOpened = args => Block(Deadline.After(args.BreakDuration, _time)),
                OnClosed = _ => Block(Deadline.None),
            })
            .Build();
    }

    public ResolvedAddress Address { get; }

    /// <summary>Connections opening or open, those draining included. Guarded by <see cref="HostSet"/>'s lock.</summary>
    public int Connections { get; set; }

    /// <summary>Calls in flight. Guarded by the pool's lock.</summary>
    public int Busy { get; set; }

    /// <summary>How much of the calls it is trusted with. Guarded by the pool's lock.</summary>
    public AddressWeight Weight { get; } = new();

    /// <summary>Whether it gets calls at all. Guarded by the pool's lock.</summary>
    public AddressHealth Health { get; }

    /// <summary>Its part beside the others, from nearly 0 to 1: the weight, less while it is newly back. May be a moment old outside the pool's lock.</summary>
    public double Share => Weight.Value * Health.Ramp;

    /// <summary>True while it gets no calls; what <see cref="Health"/> says, to be read without the pool's lock.</summary>
    public bool IsLeftOut
    {
        get => Volatile.Read(ref _isLeftOut);
        set => Volatile.Write(ref _isLeftOut, value);
    }

    /// <summary>True while it is left out and yet the next connection is to go there, for a call that shows how it is.</summary>
    public bool WantsProbe
    {
        get => Volatile.Read(ref _wantsProbe);
        set => Volatile.Write(ref _wantsProbe, value);
    }

    /// <summary>False while the address is being left alone, by those who connect or by calls.</summary>
    public bool IsAvailable => !IsLeftOut && IsConnectable;

    /// <summary>False while attempts to connect are left for later.</summary>
    public bool IsConnectable => BlockedUntil is var until && (until.IsNone || until.HasPassed(_time));

    /// <summary>When the address may be tried again; none when it may be now.</summary>
    public Deadline BlockedUntil
    {
        get
        {
            lock (_gate) return _blockedUntil;
        }
    }

    /// <summary>
    /// Somebody is about to try. After a break that is the probe, and while it is out nobody else need try: the breaker would turn them away, and its own
    /// word comes late, on another thread. The bound only guards against a probe that never reports.
    /// </summary>
    public void Claim()
    {
        lock (_gate)
        {
            if (!_blockedUntil.IsNone) _blockedUntil = Deadline.After(_options.ConnectTimeout * 2, _time);
        }
    }

    /// <summary>What is known of it. Called under the pool's lock.</summary>
    public AddressSnapshot Snapshot(TimeSpan now) =>
        new(Address.ToString(), Health.Phase, Health.Why, Health.EjectedFor(now), Math.Round(Share, 3), Connections, Busy, IsConnectable);

    /// <summary>One attempt, if the breaker lets it pass.</summary>
    public async ValueTask<ConnectResult> ConnectAsync(Func<ResolvedAddress, CancellationToken, ValueTask<ConnectResult>> connect, CancellationToken cancellation)
    {
        try
        {
            return await _breaker.ExecuteAsync(static (s, ct) => s.connect(s.Address, ct), (connect, Address), cancellation).ConfigureAwait(false);
        }
        catch (BrokenCircuitException e)
        {
            // It goes by the wall clock, and may be a little behind.
            await Block(Deadline.After(e.RetryAfter ?? TimeSpan.Zero, _time)).ConfigureAwait(false);
            return ConnectResult.Failed(new CallFailure(FailureCode.CircuitOpen, $"{Address} is being left alone after failed attempts to connect."));
        }
    }

    /// <summary>A channel died before it was of any use: as good as a failed attempt.</summary>
    public async Task ReportStillbornAsync()
    {
        var failure = new CallFailure(FailureCode.HandshakeFailed, $"{Address} closed a fresh connection before it served a call.");
        await ConnectAsync((_, _) => new(ConnectResult.Failed(failure)), CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>True once after it could not be connected to for a while: it is back, and perhaps with cold caches.</summary>
    public bool TakeComeback()
    {
        lock (_gate)
        {
            var wasBlocked = _wasBlocked;
            _wasBlocked = false;
            return wasBlocked;
        }
    }

    // Doubles from BreakDuration to MaxBreakDuration, then up to a fifth is taken off, so that many holders do not probe in step.
    private TimeSpan NextBreak(int failedProbes)
    {
        var doubled = _options.BreakDuration * Math.Pow(2, Math.Min(failedProbes, 20));
        var bounded = doubled < _options.MaxBreakDuration ? doubled : _options.MaxBreakDuration;
        return bounded * (1 - (0.2 * _random.NextDouble()));
    }

    private ValueTask Block(Deadline until)
    {
        lock (_gate)
        {
            _blockedUntil = until;
            _wasBlocked |= !until.IsNone;
        }

        return default;
    }
}
