using System.Diagnostics.CodeAnalysis;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Grains.Forwarding;

/// <summary>
/// Another silo, one run of it, as seen from here. Calls forwarded to it are bound to its life: Orleans tells of a silo's death only when the membership has
/// found out, so while calls are under way this one is asked twice a second whether it lives. One that does not answer gets no calls while there is another,
/// and is asked on, until it answers or is no member any more. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing to release, and calls may link to it at any time.")]
internal sealed class PeerSilo(IPoolGrain lane, Func<bool> isMember, PeerLog log, TimeProvider time)
{
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private CancellationTokenSource _lost = new();
    private Task<bool> _beat = Task.FromResult(true);
    private int _run;
    private long _heardAt;
    private int _inFlight;
    private bool _isWatched;
    private volatile bool _isSilent;
    private volatile bool _isLeaving;

    /// <summary>Calls under way, from the moment each was taken for this silo.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>True while it has not answered the last beat.</summary>
    public bool IsSilent => _isSilent;

    /// <summary>True when it turned a call away because it is shutting down. For good: the process that comes after it is another run.</summary>
    public bool IsLeaving => _isLeaving;

    /// <summary>A call was taken for this silo: it counts from here on, until <see cref="EndUse"/>.</summary>
    public void BeginUse()
    {
        lock (_gate) _inFlight++;
    }

    /// <summary>
    /// The call that was taken for this silo may be sent; null when the silo does not answer, and then the call counts no more. To be disposed with the call.
    /// </summary>
    public async ValueTask<PeerUse?> TryUseAsync(CancellationToken caller)
    {
        if (!HeardWithin(_period) && !await AnswersAsync().ConfigureAwait(false))
        {
            EndUse();
            return null;
        }

        lock (_gate)
        {
            Watch_NeedsLock();
            return new PeerUse(this, _lost.Token, caller);
        }
    }

    /// <summary>An answer came from it.</summary>
    public void Heard() => Volatile.Write(ref _heardAt, time.GetTimestamp());

    /// <summary>A message to it failed: the next call asks first whether it lives.</summary>
    public void Doubt() => Volatile.Write(ref _heardAt, 0);

    /// <summary>It turned a call away because it is shutting down.</summary>
    public void Leave() => _isLeaving = true;

    /// <summary>A call is over.</summary>
    public void EndUse()
    {
        lock (_gate) _inFlight--;
    }

    private bool HeardWithin(TimeSpan span) => Volatile.Read(ref _heardAt) is > 0 and var at && time.GetElapsedTime(at) < span;

    private void Watch_NeedsLock()
    {
        if (!_isWatched) _ = WatchAsync();
        _isWatched = true;
    }

    private async Task WatchAsync()
    {
        while (true)
        {
            await Task.Delay(_period, time).ConfigureAwait(false);
            Task<bool> beat;
            lock (_gate)
            {
                _isWatched = _inFlight > 0 || (_isSilent && isMember());
                if (!_isWatched) return;
                beat = Ask_NeedsLock();
            }

            await beat.ConfigureAwait(false);
        }
    }

    // While it is silent the watch alone asks: calls that come meanwhile would ask without end, and each question that fails is a line in Orleans' log.
    private Task<bool> AnswersAsync()
    {
        lock (_gate) return _isSilent ? _beat : Ask_NeedsLock();
    }

    private Task<bool> Ask_NeedsLock() => _beat.IsCompleted ? _beat = BeatAsync() : _beat;

    private async Task<bool> BeatAsync()
    {
        try
        {
            var beat = await lane.Beat().AsTask().WaitAsync(_patience, time).ConfigureAwait(false);
            if (Interlocked.CompareExchange(ref _run, beat.SiloRun, 0) is var known && known != 0 && known != beat.SiloRun) return Lose();
            Heard();
            return Find();
        }
        catch (Exception) when (HeardWithin(_patience))
        {
            // Other answers came meanwhile: it lives, and is only busy.
            return true;
        }
        catch (Exception)
        {
            // Whatever the reason: no answer in time means that calls there get none either.
            return Lose();
        }
    }

    private bool Find()
    {
        if (_isSilent) log.AnswersAgain();
        _isSilent = false;
        return true;
    }

    private bool Lose()
    {
        CancellationTokenSource lost;
        lock (_gate)
        {
            if (!_isSilent) log.DoesNotAnswer();
            _isSilent = true;
            (lost, _lost) = (_lost, new CancellationTokenSource());
            Watch_NeedsLock();
        }

        lost.Cancel();
        return false;
    }
}
