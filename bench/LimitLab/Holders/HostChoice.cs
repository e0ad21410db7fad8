using OrleansPool.Bench.LimitLab.Load;
using OrleansPool.Bench.LimitLab.Simulation;
using OrleansPool.Bench.LimitLab.Upstream;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Bench.LimitLab.Holders;

/// <summary>
/// A holder's choice among the upstream's hosts: the one with the fewest of its own calls over the pool's weight of that address, in turn among equals,
/// as the pool's own pick set chooses.
/// </summary>
internal sealed class HostChoice
{
    private static readonly TimeSpan _recoverEach = TimeSpan.FromSeconds(1);

    private readonly Clock _clock;
    private readonly Place[] _places;
    private TimeSpan _recoveredAt;
    private int _turn;

    public HostChoice(Clock clock, UpstreamModel upstream)
    {
        (_clock, _recoveredAt) = (clock, clock.Now);
        _places = [.. upstream.Hosts.Select(host => new Place(host))];
    }

    public void Send(Call call)
    {
        Recover();
        var best = _turn = (_turn + 1) % _places.Length;
        for (var step = 1; step < _places.Length; step++)
        {
            var next = (_turn + step) % _places.Length;
            if (_places[next].Load < _places[best].Load) best = next;
        }

        _places[best].Calls++;
        call.HostIndex = best;
        _places[best].Host.Begin(call);
    }

    /// <summary>The holder counts a call no longer.</summary>
    public void Settled(Call call, in CallOutcome outcome)
    {
        var place = _places[call.HostIndex];
        place.Calls--;
        if (_places.Length == 1) return;
        var fastest = _places.Min(other => other.Weight.MeanTicks > 0 ? other.Weight.MeanTicks : double.MaxValue);
        place.Weight.Learn(outcome, _clock.Now - call.SentAt, fastest);
    }

    private void Recover()
    {
        for (; _clock.Now - _recoveredAt >= _recoverEach; _recoveredAt += _recoverEach)
        {
            foreach (var place in _places) place.Weight.Recover();
        }
    }

    private sealed class Place(UpstreamHost host)
    {
        public UpstreamHost Host => host;

        public AddressWeight Weight { get; } = new();

        public int Calls { get; set; }

        public double Load => (Calls + 1) / Weight.Value;
    }
}
