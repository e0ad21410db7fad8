using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Calls.Hedging;

/// <summary>
/// Whether and when calls of an endpoint are sent once more. A hedge is a guest: it takes a permit only where some stay free behind it and nobody waits, it counts
/// against the retry budget, and an upstream that pushes back with a time to wait gets none until then. Thread-safe.
/// </summary>
internal sealed class Hedger(HedgingOptions options, ChannelPool pool, CallSemantics semantics, RetryBudget budget, CallTotals totals, TimeProvider time)
{
    // An upstream may say a day; it will say so again.
    private static readonly TimeSpan _longestPause = TimeSpan.FromMinutes(1);

    private readonly IdempotentCalls _calls = new(options, semantics);
    private readonly HedgeDelay _delay = new(options);
    private long _pausedUntil;

    /// <summary>Hedges of one call at most.</summary>
    public int MaxHedges => options.MaxAttempts - 1;

    /// <summary>Time until the answer is late of a call that is sent now; null for never.</summary>
    public TimeSpan? Delay
    {
        get
        {
            var now = time.MonotonicNow();
            return now.Ticks < Volatile.Read(ref _pausedUntil) ? null : _delay.At(now);
        }
    }

    /// <summary>True for a call that may be done twice.</summary>
    public bool Covers(CallRequest request) => _calls.Contains(request);

    /// <summary>A lease for one more attempt beside <paramref name="first"/>, if there is one to spare and the budget has room.</summary>
    public bool TryHedge(in ChannelLease first, CallRequest request, out ChannelLease lease)
    {
        lease = default;
        var isAllowed = budget.TrySpend();
        if (isAllowed && !pool.TryAcquireSpare(first, request, out lease))
        {
            budget.GiveBack();
            isAllowed = false;
        }

        totals.CountHedge(isAllowed);
        return isAllowed;
    }

    /// <summary>True when the answer, by its head, is none that another attempt could better.</summary>
    public static bool IsGood(CallResponse response) => JudgeHead(response) == DropKind.None;

    /// <summary>True when the answer, by its head, says that the upstream has too much to do.</summary>
    public static bool IsPushBack(CallResponse response) => JudgeHead(response) == DropKind.PushBack;

    /// <summary>A call was answered well, so long after it was first sent.</summary>
    public void Answered(TimeSpan took, bool isByHedge)
    {
        if (isByHedge) totals.CountHedgeWon();
        _delay.Answered(took, time.MonotonicNow());
    }

    /// <summary>The upstream pushed back; where it said for how long, nothing is hedged until then.</summary>
    public void PushedBack(HeaderBlock headers, HeaderBlock trailers)
    {
        if (semantics.RetryAfter(headers, trailers, time.GetUtcNow()) is not { } wait) return;
        var until = time.MonotonicNow() + (wait < _longestPause ? wait : _longestPause);
        Volatile.Write(ref _pausedUntil, Math.Max(until.Ticks, Volatile.Read(ref _pausedUntil)));
    }

    private static DropKind JudgeHead(CallResponse response) => response is PooledResponse own ? own.JudgeSoFar() : DropKind.None;
}
