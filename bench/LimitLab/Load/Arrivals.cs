using OrleansPool.Bench.LimitLab.Scenarios;
using OrleansPool.Bench.LimitLab.Simulation;
using OrleansPool.Bench.LimitLab.Upstream;

namespace OrleansPool.Bench.LimitLab.Load;

/// <summary>The callers: a Poisson stream of calls whose rate and mix follow the phase. They do not slow down when the pool does (open loop).</summary>
internal sealed class Arrivals(Clock clock, Scenario scenario, CallStore store, long seed, Action<Call> arrived) : IEventTarget
{
    private readonly Randomness _gaps = new(seed, Purpose.Arrivals);
    private readonly Randomness _work = new(seed, Purpose.Work);
    private readonly double _nominal = UpstreamModel.Nominal(scenario.Upstream);
    private double _rate;
    private double[] _upTo = [];
    private long _version;

    public void Enter(Phase phase)
    {
        _rate = _nominal * phase.Load;
        _upTo = RunningSum(phase.Mix ?? [.. scenario.Upstream.Methods.Select(m => m.Share)]);
        _version++;
        Plan();
    }

    public void Happen(int what, long tag, object? subject)
    {
        // The gap to the next call has no memory, so at a change of phase it is simply drawn anew.
        if (tag != _version) return;
        Plan();
        arrived(Next());
    }

    private void Plan()
    {
        if (_rate > 0) clock.After(TimeSpan.FromSeconds(_gaps.NextExponential() / _rate), this, 0, _version);
    }

    private Call Next()
    {
        var call = store.Take();
        call.Method = Pick(_work.Next());
        call.Work = scenario.Upstream.Methods[call.Method].Service.Draw(_work);
        call.ArrivedAt = clock.Now;
        call.Deadline = clock.Now + scenario.Holders.Deadline;
        return call;
    }

    private int Pick(double at)
    {
        var method = 0;
        while (method < _upTo.Length - 1 && at >= _upTo[method]) method++;
        return method;
    }

    private static double[] RunningSum(IReadOnlyList<double> shares)
    {
        var (sum, total) = (0.0, shares.Sum());
        return [.. shares.Select(share => (sum += share) / total)];
    }
}
