using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Bench.LimitLab.Peers;

/// <summary>
/// brpc's auto limiter (auto_concurrency_limiter.cpp and its document): limit = greatest rate x least response time x (1 + e), where e moves between 0.06
/// and 0.3 by 0.02. Windows of 1 s; one with fewer than 100 calls is thrown away. Every 25 to 50 s the limit goes to 0.9 of rate x time, for twice the
/// response time nothing counts, and the least one is learnt anew. A failed call's time is added to those of the good ones.
/// </summary>
internal sealed class BrpcAutoLaw(int copy) : PeerLaw<BrpcAutoLaw.Memory>("brpc", copy, 40, 1, int.MaxValue)
{
    private const int FewestSamples = 100;
    private const double LeastExplored = 0.06;
    private const double MostExplored = 0.3;
    private const double ExploreStep = 0.02;
    private const double LeastWeight = 0.1;
    private const double RateWeight = 0.01;
    private static readonly TimeSpan _shortestReset = TimeSpan.FromSeconds(25);
    private static readonly EpochPlan _window = new(TimeSpan.FromSeconds(1), 1);

    protected override Memory First => new(0, 0, MostExplored, TimeSpan.Zero, 0);

    protected override EpochPlan FirstPlan => _window;

    protected override LimitDecision Decide(LimitDecision last, Memory state, EpochSample epoch)
    {
        if (epoch.Good + Dropped(epoch) < FewestSamples) return last with { Reason = LimitReason.TooFewSamples, Plan = _window };
        if (epoch.Good == 0) return last with { Limit = last.Limit / 2, Reason = LimitReason.Overdue };

        // The lab does not keep a failed call's time; those that ended by their deadline took about as long as the oldest open one.
        var mean = (ResponseTimes(epoch).Sum + (epoch.OldestOpen * epoch.Timeouts)).TotalSeconds / epoch.Good;
        if (epoch.At >= state.ResetAt && state.Least > 0) return Reset(last, state, epoch, mean);
        state = Learn(state, epoch, mean);
        return last with
        {
            Limit = state.Rate * state.Least * (1 + state.Explored),
            Reason = LimitReason.Hold,
            State = state,
            Baseline = TimeSpan.FromSeconds(state.Least),
            Plan = _window,
        };
    }

    private static Memory Learn(Memory state, EpochSample epoch, double mean)
    {
        var least = state.Least == 0 ? mean : mean < state.Least ? state.Least + (LeastWeight * (mean - state.Least)) : state.Least;
        var rate = epoch.GoodRate >= state.Rate ? epoch.GoodRate : state.Rate + (RateWeight * (epoch.GoodRate - state.Rate));
        var mayExplore = mean <= least * (1 + LeastExplored) || epoch.GoodRate <= rate / (1 + LeastExplored);
        var explored = Math.Clamp(state.Explored + (mayExplore ? ExploreStep : -ExploreStep), LeastExplored, MostExplored);
        return state with { Least = least, Rate = rate, Explored = explored };
    }

    private LimitDecision Reset(LimitDecision last, Memory state, EpochSample epoch, double mean)
    {
        var next = epoch.At + (_shortestReset * (1 + Chance(state.Resets)));
        return last with
        {
            Limit = 0.9 * state.Rate * state.Least,
            Reason = LimitReason.Probe,
            State = state with { Least = 0, ResetAt = next, Resets = state.Resets + 1 },
            Plan = _window with { Settle = TimeSpan.FromSeconds(2 * mean) },
        };
    }

    internal sealed record Memory(double Least, double Rate, double Explored, TimeSpan ResetAt, int Resets);
}
