using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Calls.Hedging;

/// <summary>
/// One call that may be under way more than once. Its first attempt has a lease already; others begin when the answer is late. The first good answer counts: the
/// other attempts are cut, and their leases go back as ignored. Attempts that fail end nothing while another is under way. One for each call; not thread-safe.
/// </summary>
internal sealed class HedgedCall(Hedger hedger, CallRequest request, HedgedCall.SendAttempt send, CallLifetime lifetime, TimeProvider time)
{
    private readonly List<Attempt> _running = new(2);
    private CallResult? _kept;

    /// <summary>Makes one attempt over a lease, which it gives back; never throws.</summary>
    public delegate ValueTask<CallResult> SendAttempt(ChannelLease lease, CallLifetime lifetime);

    /// <summary>
    /// Makes the call. With an answer the call's own lifetime is over, and the answer has one of its own; with a failure it goes on.
    /// </summary>
    public async ValueTask<CallResult> RunAsync(ChannelLease first)
    {
        var since = time.MonotonicNow();
        var primary = Begin(first);
        for (var hedges = hedger.MaxHedges; ;)
        {
            var ended = await NextAsync(hedges > 0 ? hedger.Delay : null).ConfigureAwait(false);
            if (ended is null)
            {
                hedges--;
                if (hedger.TryHedge(first, request, out var lease)) Begin(lease);
                continue;
            }

            _running.Remove(ended);
            var result = await ended.Sending.ConfigureAwait(false);
            if (result.Response is { } answer && Hedger.IsGood(answer))
            {
                hedger.Answered(time.MonotonicNow() - since, isByHedge: ended != primary);
                return Won(result);
            }

            // More attempts are no help to an upstream that has too much to do.
            if (result.Response is { } refusal && Hedger.IsPushBack(refusal)) hedges = 0;
            if (result.Response is null) ended.Lifetime.Dispose();
            Keep(result);
            if (_running.Count == 0) return Over();
        }
    }

    private Attempt Begin(ChannelLease lease)
    {
        var own = lifetime.Fork();
        var attempt = new Attempt(send(lease, own).AsTask(), own);
        _running.Add(attempt);
        return attempt;
    }

    // The next attempt that ends; null when none did in the time given.
    private async ValueTask<Attempt?> NextAsync(TimeSpan? patience)
    {
        Task any = _running.Count == 1 ? _running[0].Sending : Task.WhenAny(_running.Select(attempt => attempt.Sending));
        if (patience is { } late && !any.IsCompleted) await any.WaitAsync(late, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        else await any.ConfigureAwait(false);
        return _running.Find(attempt => attempt.Sending.IsCompleted);
    }

    private CallResult Won(CallResult result)
    {
        foreach (var loser in _running) Cut(loser);
        Discard(_kept);
        lifetime.Dispose();
        return result;
    }

    // Of attempts that came to nothing an answer rather than none, and what may have been done rather than what was not: nobody must repeat that unasked.
    private void Keep(CallResult result)
    {
        var isBetter = _kept is not { } kept || (kept.Response is null && (result.Response is not null || kept.Failure!.IsRetryable));
        Discard(isBetter ? _kept : result);
        if (isBetter) _kept = result;
    }

    private CallResult Over()
    {
        var result = _kept!.Value;
        if (result.Response is not null) lifetime.Dispose();
        return result;
    }

    private static void Cut(Attempt loser)
    {
        loser.Lifetime.Cut();
        _ = DiscardAsync(loser);
    }

    private static async Task DiscardAsync(Attempt loser)
    {
        var result = await loser.Sending.ConfigureAwait(false);
        if (result.Response is null) loser.Lifetime.Dispose();
        else Discard(result);
    }

    private static void Discard(CallResult? result)
    {
        if (result?.Response is PooledResponse response) _ = response.DiscardAsync();
    }

    private sealed record Attempt(Task<CallResult> Sending, CallLifetime Lifetime);
}
