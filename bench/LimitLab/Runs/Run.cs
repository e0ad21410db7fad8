using OrleansPool.Bench.LimitLab.Holders;
using OrleansPool.Bench.LimitLab.Load;
using OrleansPool.Bench.LimitLab.Metrics;
using OrleansPool.Bench.LimitLab.Peers;
using OrleansPool.Bench.LimitLab.Scenarios;
using OrleansPool.Bench.LimitLab.Simulation;
using OrleansPool.Bench.LimitLab.Upstream;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Bench.LimitLab.Runs;

/// <summary>Puts an experiment together and lets it happen.</summary>
internal sealed class Run : IEventTarget
{
    private const int NextPhase = 0;
    private const int NextTick = 1;

    private readonly RunPlan _plan;
    private readonly IReadOnlyList<Optimum> _optima;
    private readonly Clock _clock = new();
    private readonly UpstreamModel _upstream;
    private readonly Recorder _recorder;
    private readonly Arrivals _arrivals;
    private readonly Competitor _competitor;
    private readonly IControl _control;
    private readonly Fleet _fleet;
    private readonly Faults _faults;
    private readonly Network _network;
    private int _phase;

    public Run(RunPlan plan, IReadOnlyList<Optimum> optima)
    {
        (_plan, _optima) = (plan, optima);
        var scenario = plan.Scenario;
        var most = scenario.Phases.Max(CountIn);
        var calls = new CallStore();
        _upstream = new UpstreamModel(_clock, new Randomness(plan.Seed, Purpose.Upstream), scenario.Upstream, scenario.Phases[0]);
        _recorder = new Recorder(_clock, _upstream, most, scenario.Measure.WarmUp);
        var services = new HolderServices(_clock, scenario, _upstream, _recorder, calls, new DeadlineLine(_clock));
        _network = new Network(_clock, scenario.Network, plan.Seed);
        var office = plan.Scope == Scope.Cluster ? new BudgetOffice(_clock, Settings, () => CreateLaw(0)) : null;
        _control = office is null
            ? new LocalControl(services, CreateLaw, Settings.Bounds)
            : new ClusterControl(services, Settings, office, _network, new ConnectionCount(_recorder, Settings.Cap));
        _fleet = new Fleet(services, _control, most, scenario.Phases[0], plan.Seed);
        _faults = new Faults(_clock, plan, _fleet, _network, office);
        _arrivals = new Arrivals(_clock, scenario, calls, plan.Seed, _fleet.Route);
        _competitor = new Competitor(_clock, scenario, calls, _upstream, plan.Seed);
    }

    private BudgetSettings Settings => new()
    {
        Endpoint = "upstream",
        Cap = Math.Max(1, (int)(_plan.Slots * _plan.Scenario.Holders.Cap)),
        CallsPerChannel = _plan.Scenario.Holders.CallsPerChannel,
        Bounds = Bounds,
    };

    private LimitBounds Bounds
    {
        get
        {
            var holders = _plan.Scenario.Holders;
            var ceiling = Math.Max(holders.Floor, (int)(_plan.Slots * holders.Ceiling));
            return new LimitBounds(holders.Floor, ceiling, Math.Clamp(holders.Initial, holders.Floor, ceiling));
        }
    }

    /// <summary>Messages between holders and budget.</summary>
    public ControlTraffic Traffic => new(_network.Sent, _network.Bytes);

    /// <summary>Runs to the end.</summary>
    public Trace Execute()
    {
        Enter();
        _faults.Plan();
        _clock.After(Trace.Step, this, NextTick);
        _clock.RunUntil(_plan.Scenario.Length(_plan.IsQuick) + TimeSpan.FromTicks(1));
        return _recorder.Trace;
    }

    public void Happen(int what, long tag, object? subject)
    {
        if (what == NextTick) Tick();
        else
        {
            _phase++;
            Enter();
        }
    }

    private void Enter()
    {
        var phase = _plan.Scenario.Phases[_phase];
        _recorder.Enter(_phase, _optima[_phase]);
        _upstream.Enter(phase);
        _fleet.Enter(phase, CountIn(phase));
        _arrivals.Enter(phase);
        _competitor.Enter(phase);
        if (_phase + 1 < _plan.Scenario.Phases.Count) _clock.After(phase.Length(_plan.IsQuick), this, NextPhase);
    }

    private void Tick()
    {
        _recorder.Close(_control.Limit, _fleet.Up.Sum(h => h.Waiting), _control.IsProbing);
        _clock.After(Trace.Step, this, NextTick);
    }

    private int CountIn(Phase phase) => Math.Max(1, (int)Math.Round(_plan.Nodes * phase.Holders));

    private ILimitLaw CreateLaw(int copy) => LabLaws.Create(_plan.Law, copy);
}
