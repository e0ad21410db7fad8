using System.Diagnostics.CodeAnalysis;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Grains.Forwarding;

/// <summary>
/// Another silo as seen from here. Calls forwarded to it are bound to its life: Orleans tells of a silo's death only when the membership has found out, so
/// while calls are under way this one is asked twice a second whether it lives. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing to release, and calls may link to it at any time.")]
internal sealed class PeerSilo(IPoolGrain lane, TimeProvider time)
{
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private CancellationTokenSource _lost = new();
    private Task<bool>? _beat;
    private int _run;
    private long _heardAt;
    private int _inFlight;
    private bool _isWatched;

    /// <summary>Calls under way, from the moment each was taken for this silo.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

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
            if (!_isWatched) _ = WatchAsync();
            _isWatched = true;
            return new PeerUse(this, _lost.Token, caller);
        }
    }

    /// <summary>An answer came from it.</summary>
    public void Heard() => Volatile.Write(ref _heardAt, time.GetTimestamp());

    public void EndUse()
    {
        lock (_gate) _inFlight--;
    }

    private bool HeardWithin(TimeSpan span) => Volatile.Read(ref _heardAt) is > 0 and var at && time.GetElapsedTime(at) < span;

    private async Task WatchAsync()
    {
        while (true)
        {
            await Task.Delay(_period, time).ConfigureAwait(false);
            lock (_gate)
            {
                _isWatched = _inFlight > 0;
                if (!_isWatched) return;
            }

            await AnswersAsync().ConfigureAwait(false);
        }
    }

    private Task<bool> AnswersAsync()
    {
        lock (_gate) return _beat is { IsCompleted: false } ? _beat : _beat = BeatAsync();
    }

    private async Task<bool> BeatAsync()
    {
        try
        {
            var beat = await lane.Beat().AsTask().WaitAsync(_patience, time).ConfigureAwait(false);
            Heard();
            if (Interlocked.Exchange(ref _run, beat.SiloRun) is var before && before != 0 && before != beat.SiloRun) Lose();
            return true;
        }
        catch (Exception) when (HeardWithin(_patience))
        {
            // Other answers came meanwhile: it lives, and is only busy.
            return true;
        }
        catch (Exception)
        {
            // Whatever the reason: no answer in time means that calls there get none either.
            Lose();
            return false;
        }
    }

    private void Lose()
    {
        CancellationTokenSource lost;
        lock (_gate) (lost, _lost) = (_lost, new CancellationTokenSource());
        lost.Cancel();
    }
}
