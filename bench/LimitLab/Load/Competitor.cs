using OrleansPool.Bench.LimitLab.Scenarios;
using OrleansPool.Bench.LimitLab.Simulation;
using OrleansPool.Bench.LimitLab.Upstream;

namespace OrleansPool.Bench.LimitLab.Load;

/// <summary>Somebody who calls the same upstream past the pool, without any limit.</summary>
internal sealed class Competitor(Clock clock, Scenario scenario, CallStore store, UpstreamModel upstream, long seed) : IEventTarget, ICallOwner
{
    private readonly Randomness _random = new(~seed, Purpose.Arrivals);
    private readonly double _nominal = UpstreamModel.Nominal(scenario.Upstream);
    private double _rate;
    private long _version;

    public void Enter(Phase phase)
    {
        _rate = _nominal * phase.Competitor;
        _version++;
        Plan();
    }

    public void Happen(int what, long tag, object? subject)
    {
        if (tag != _version) return;
        Plan();
        var call = store.Take();
        call.Work = scenario.Upstream.Methods[0].Service.Draw(_random);
        call.Owner = this;
        call.State = CallState.Sent;
        upstream.Hosts[_random.Next(upstream.Hosts.Count)].Begin(call);
    }

    public void Ended(Call call, Answer answer) => store.Return(call);

    public void Expired(Call call)
    {
        // It has all the time in the world.
    }

    private void Plan()
    {
        if (_rate > 0) clock.After(TimeSpan.FromSeconds(_random.NextExponential() / _rate), this, 0, _version);
    }
}
