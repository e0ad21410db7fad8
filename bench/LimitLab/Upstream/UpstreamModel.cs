using OrleansPool.Bench.LimitLab.Scenarios;
using OrleansPool.Bench.LimitLab.Simulation;

namespace OrleansPool.Bench.LimitLab.Upstream;

/// <summary>The upstream: its hosts, each with its part of the slots.</summary>
internal sealed class UpstreamModel
{
    private readonly UpstreamHost[] _hosts;
    private readonly UpstreamPlan _plan;

    public UpstreamModel(Clock clock, Randomness random, UpstreamPlan plan, Phase first)
    {
        _plan = plan;
        _hosts = [.. Enumerable.Range(0, plan.Hosts).Select(host => Create(clock, random, StateOf(host, first)))];
    }

    public IReadOnlyList<UpstreamHost> Hosts => _hosts;

    /// <summary>Calls that it can end well per second, by the arithmetic of slots over mean service time: the unit in which load is given.</summary>
    public static double Nominal(UpstreamPlan plan) => plan.Slots / MeanService(plan, plan.Methods.Select(m => m.Share)).TotalSeconds;

    /// <summary>Mean service time of a mix.</summary>
    public static TimeSpan MeanService(UpstreamPlan plan, IEnumerable<double> mix)
    {
        var shares = mix.ToArray();
        var mean = shares.Zip(plan.Methods, (share, method) => share * method.Service.Mean.TotalSeconds).Sum() / shares.Sum();
        return TimeSpan.FromSeconds(mean);
    }

    public void Enter(Phase phase)
    {
        for (var host = 0; host < _hosts.Length; host++) _hosts[host].Change(StateOf(host, phase));
    }

    private UpstreamHost Create(Clock clock, Randomness random, HostState state) =>
        _plan.IsSharing ? new SharingHost(clock, random, state) : new LineHost(clock, random, state);

    private HostState StateOf(int host, Phase phase)
    {
        var isMeant = phase.OnHosts == 0 || host < phase.OnHosts;
        var slots = (_plan.Slots / _plan.Hosts) + (host < _plan.Slots % _plan.Hosts ? 1 : 0);
        var methods = _plan.Methods.Select(m => m with { Service = m.Service with { Mean = m.Service.Mean * (m.IsStream ? 1 : phase.Service) } }).ToList();
        return new HostState
        {
            Slots = Math.Max(1, (int)Math.Round(slots * (isMeant ? phase.Slots : 1))),
            Service = [.. methods.Select(m => m.Service)],
            MeanService = MeanService(_plan with { Methods = methods }, phase.Mix ?? methods.Select(m => m.Share)),
            Queue = (int)Math.Min(int.MaxValue, slots * _plan.Queue),
            PushBackAbove = phase.PushBackAbove == 0 ? int.MaxValue : Math.Max(1, (int)Math.Round(slots * phase.PushBackAbove)),
            Failing = phase.Failing,
            FailsAs = phase.FailsAs,
            Hang = isMeant ? phase.Hang : TimeSpan.Zero,
            Strain = _plan.Strain,
            NoticesCancel = _plan.NoticesCancel,
        };
    }
}
