using OrleansPool.Bench.LimitLab.Load;
using OrleansPool.Bench.LimitLab.Scenarios;
using OrleansPool.Bench.LimitLab.Simulation;
using OrleansPool.Bench.LimitLab.Upstream;

namespace OrleansPool.Bench.LimitLab.Metrics;

/// <summary>The upstream under a fixed number of calls in flight: as soon as one ends the next begins.</summary>
internal sealed class ClosedLoop(Scenario scenario, Phase phase)
{
    // With the correction for luck below, enough for about a quarter of a percent.
    private const int Calls = 30_000;

    // Most calls are pushed back where the limit is far above what the upstream takes; there is nothing to learn from millions of them.
    private const int MostSent = 4 * Calls;

    private const long Seed = 42;

    /// <summary>Good calls per second.</summary>
    public double GoodRate(int limit) => new Trial(scenario, phase, limit).Run();

    private sealed class Trial : ICallOwner, IEventTarget
    {
        private readonly Clock _clock = new();
        private readonly CallStore _store = new();
        private readonly Randomness _work = new(Seed, Purpose.Work);
        private readonly UpstreamModel _upstream;
        private readonly Competitor _competitor;
        private readonly Scenario _scenario;
        private readonly Phase _phase;
        private readonly double[] _mix;
        private readonly int[] _sent;
        private readonly int _limit;
        private readonly TimeSpan _mean;
        private long _good;
        private long _all;

        public Trial(Scenario scenario, Phase phase, int limit)
        {
            (_scenario, _phase, _limit) = (scenario, phase, limit);
            _upstream = new UpstreamModel(_clock, new Randomness(Seed, Purpose.Upstream), scenario.Upstream, phase);
            _competitor = new Competitor(_clock, scenario, _store, _upstream, Seed);
            _mix = [.. phase.Mix ?? [.. scenario.Upstream.Methods.Select(m => m.Share)]];
            _sent = new int[_upstream.Hosts.Count];
            _mean = UpstreamModel.MeanService(scenario.Upstream, _mix) * phase.Service;
        }

        public double Run()
        {
            _competitor.Enter(_phase);
            for (var call = 0; call < _limit; call++) Send();
            // Until the mix in the slots is that of a long run: the dearest calls stay longest, and are few at first.
            RunFor(Longer(20 * _mean, 3 * Dearest));
            _all = 0;
            var (good, since, drawn, expected) = (_good, _clock.Now, _upstream.Hosts.Sum(h => h.WorkDrawn), _upstream.Hosts.Sum(h => h.WorkExpected));
            while (_clock.Now - since < 3 * Dearest || (_good - good < Calls && _all < MostSent)) RunFor(_mean);

            // The calls drew a little more or less work than their means promise; without that the rate would carry their luck.
            var luck = (_upstream.Hosts.Sum(h => h.WorkDrawn) - drawn) / (_upstream.Hosts.Sum(h => h.WorkExpected) - expected);
            return (_good - good) / (_clock.Now - since).TotalSeconds * luck;
        }

        public void Ended(Call call, Answer answer)
        {
            if (answer == Answer.Done && _clock.Now <= call.Deadline) _good++;
            _sent[call.HostIndex]--;
            _store.Return(call);
            if (answer == Answer.PushBack) _clock.After(_mean, this, 0);
            else Send();
        }

        /// <summary>Whoever was pushed back tries again after about as long as a call takes.</summary>
        public void Happen(int what, long tag, object? subject) => Send();

        public void Expired(Call call)
        {
            // Nobody tells the upstream; whether an answer came in time is seen at its end.
        }

        private TimeSpan Dearest => _scenario.Upstream.Methods.Where((_, method) => _mix[method] > 0).Max(method => method.Service.Mean) * _phase.Service;

        private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

        private void RunFor(TimeSpan time) => _clock.RunUntil(_clock.Now + time);

        private void Send()
        {
            var call = _store.Take();
            var methods = _scenario.Upstream.Methods;
            call.Method = Pick();
            call.Work = methods[call.Method].Service.Draw(_work);
            call.Deadline = methods[call.Method].IsStream ? TimeSpan.MaxValue : _clock.Now + _scenario.Holders.Deadline;
            (call.Owner, call.State) = (this, CallState.Sent);
            var host = LeastBusy();
            _sent[host]++;
            _all++;
            call.HostIndex = host;
            _upstream.Hosts[host].Begin(call);
        }

        private int Pick()
        {
            var at = _work.Next() * _mix.Sum();
            var method = 0;
            while (method < _mix.Length - 1 && at >= _mix[method]) at -= _mix[method++];
            return method;
        }

        /// <summary>The best knows which hosts hang.</summary>
        private int LeastBusy()
        {
            var best = -1;
            for (var host = 0; host < _sent.Length; host++)
            {
                if (_upstream.Hosts[host].State.Hang > TimeSpan.Zero) continue;
                if (best < 0 || _sent[host] * _upstream.Hosts[best].State.Slots < _sent[best] * _upstream.Hosts[host].State.Slots) best = host;
            }

            return best;
        }
    }
}
