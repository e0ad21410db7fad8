using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Limits.Sampling;

namespace OrleansPool.Bench.LimitLab.Peers;

/// <summary>
/// Envoy's adaptive_concurrency (gradient_controller.cc, defaults of its documentation): every 100 ms the limit times g = 1.25 x least response time / median
/// response time, between 0.5 and 2, plus the square root of that. The least one is measured every 60 s, up to 15 % later, with the limit pinned to 3
/// until 50 calls have ended, and also after 5 windows at 3.
/// </summary>
internal sealed class EnvoyGradientLaw(int copy) : PeerLaw<EnvoyGradientLaw.Memory>("envoy", copy, Pinned, Pinned, 1000)
{
    private const int Pinned = 3;
    private const int ProbeCalls = 50;
    private const int WindowsAtFloor = 5;
    private const double Buffer = 1.25;
    private const double Jitter = 0.15;
    private static readonly TimeSpan _probeEvery = TimeSpan.FromSeconds(60);
    private static readonly EpochPlan _window = new(TimeSpan.FromMilliseconds(100), 1);
    private static readonly EpochPlan _probe = new(TimeSpan.FromMilliseconds(100), ProbeCalls, TimeSpan.Zero);

    protected override Memory First => new(0, Pinned, IsProbing: true, TimeSpan.Zero, 0, 0);

    protected override EpochPlan FirstPlan => _probe;

    protected override LimitDecision Decide(LimitDecision last, Memory state, EpochSample epoch)
    {
        var times = ResponseTimes(epoch);
        if (times.Count == 0) return last with { Reason = LimitReason.TooFewSamples };
        if (state.IsProbing) return Measured(last, state, epoch, times);
        if (epoch.At >= state.ProbeAt || state.AtFloor >= WindowsAtFloor) return Probe(last, state);

        var gradient = Math.Clamp(Buffer * state.Least / times.Quantile(0.5).TotalSeconds, 0.5, 2);
        var limit = Math.Max(Pinned, (gradient * last.Limit) + Math.Sqrt(gradient * last.Limit));
        var atFloor = limit <= Pinned ? state.AtFloor + 1 : 0;
        return last with { Limit = limit, Reason = gradient < 1 ? LimitReason.Queueing : LimitReason.Grow, State = state with { AtFloor = atFloor } };
    }

    private static LimitDecision Probe(LimitDecision last, Memory state) =>
        last with { Limit = Pinned, Reason = LimitReason.Probe, State = state with { IsProbing = true, Before = last.Limit, AtFloor = 0 }, Plan = _probe };

    private LimitDecision Measured(LimitDecision last, Memory state, EpochSample epoch, ResponseTimeHistogram times)
    {
        var next = epoch.At + (_probeEvery * (1 + (Jitter * Chance(state.Probes))));
        var least = times.Quantile(0.5);
        var known = new Memory(least.TotalSeconds, state.Before, IsProbing: false, next, 0, state.Probes + 1);
        return last with { Limit = state.Before, Reason = LimitReason.NewBaseline, State = known, Baseline = least, Plan = _window };
    }

    internal sealed record Memory(double Least, double Before, bool IsProbing, TimeSpan ProbeAt, int AtFloor, int Probes);
}
