using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Client.Lanes;

/// <summary>
/// One way to the pool. Orleans binds the lane's key to a gateway and keeps it there as long as the gateway lives; the beat says which silo that is, and
/// that it lives. Thread-safe.
/// </summary>
internal sealed class Lane(IGrainFactory grains, string key, GatewayLinks links, TimeSpan beatTimeout, TimeProvider time)
{
    private readonly Lock _gate = new();
    private GatewayLink? _link;
    private Task? _beat;
    private int _inFlight;

    public IPoolGrain Calls { get; } = grains.GetGrain<IPoolGrain>(key);

    public IStreamGrain Streams { get; } = grains.GetGrain<IStreamGrain>(key);

    /// <summary>Calls and streams under way.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>True while the last beat was not answered: the lane is bound to a silo that is dead or frozen, and Orleans does not know yet.</summary>
    public bool IsSuspect { get; private set; }

    /// <summary>True when its silo is known and answered last time.</summary>
    public bool IsAnswering => Link is { IsLost: false } && !IsSuspect;

    /// <summary>True when its silo takes calls, too.</summary>
    public bool IsSound => IsAnswering && !IsLeaving;

    /// <summary>True when its silo turned a call away because it is shutting down.</summary>
    public bool IsLeaving => Link is { IsLeaving: true };

    /// <summary>True when a call had better take another lane.</summary>
    public bool IsAvoided => IsSuspect || IsLeaving || Link is { IsLost: true };

    /// <summary>The silo it leads to; null before the first beat.</summary>
    public GatewayLink? Link => Volatile.Read(ref _link);

    /// <summary>A call begins. To be disposed with it.</summary>
    public LaneUse Use(CancellationToken caller)
    {
        Interlocked.Increment(ref _inFlight);
        return new LaneUse(this, Link, time, caller);
    }

    public void EndUse() => Interlocked.Decrement(ref _inFlight);

    /// <summary>Asks the silo whether it lives, unless that is being done. Completes, without an exception, when the answer is known.</summary>
    public Task BeatAsync()
    {
        lock (_gate) return _beat is { IsCompleted: false } ? _beat : _beat = BeatOnceAsync();
    }

    /// <summary>
    /// An answer came from a silo: if it is another than before, the lane was moved, which hurts no call still under way on the old one.
    /// </summary>
    public void HeardFrom(int siloRun, bool isLeaving = false)
    {
        if (!links.TryGet(siloRun, out var link))
        {
            _ = BeatAsync();
            return;
        }

        link.Hear(time.GetTimestamp());
        if (!ReferenceEquals(Link, link)) Volatile.Write(ref _link, link);
        if (isLeaving) link.Leave();
    }

    private async Task BeatOnceAsync()
    {
        try
        {
            var beat = await AnswerAsync(Calls.Beat().AsTask()).ConfigureAwait(false);
            Volatile.Write(ref _link, links.Of(beat));
            IsSuspect = false;
        }
        catch (Exception)
        {
            // Whatever the reason: no answer in time means that calls on this lane get none either.
            IsSuspect = true;
            if (Link is { } link) links.Lose(link);
        }
    }

    // While other answers come, the silo lives and is only busy: the time that a beat may take counts from the last of them.
    private async Task<BeatMessage> AnswerAsync(Task<BeatMessage> beat)
    {
        for (var patience = beatTimeout; ;)
        {
            try
            {
                return await beat.WaitAsync(patience, time).ConfigureAwait(false);
            }
            catch (TimeoutException) when (!beat.IsCompleted && (patience = PatienceLeft()) > TimeSpan.Zero)
            {
                // Waits on.
            }
        }
    }

    private TimeSpan PatienceLeft() => Link is { LastHeard: > 0 } link ? beatTimeout - time.GetElapsedTime(link.LastHeard) : TimeSpan.Zero;
}
