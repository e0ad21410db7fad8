using OrleansPool.Bench.LimitLab.Scenarios;

namespace OrleansPool.Bench.LimitLab.Metrics;

/// <summary>What was to be expected at each moment of a run.</summary>
internal sealed class Timeline
{
    private readonly TimeSpan[] _starts;

    public Timeline(Scenario scenario, IReadOnlyList<Optimum> optima, bool isQuick)
    {
        (Scenario, Optima, IsQuick) = (scenario, optima, isQuick);
        _starts = new TimeSpan[scenario.Phases.Count];
        for (var phase = 1; phase < _starts.Length; phase++) _starts[phase] = _starts[phase - 1] + scenario.Phases[phase - 1].Length(isQuick);
    }

    public Scenario Scenario { get; }

    /// <summary>By phase.</summary>
    public IReadOnlyList<Optimum> Optima { get; }

    public bool IsQuick { get; }

    public TimeSpan StartOf(int phase) => _starts[phase];

    public TimeSpan EndOf(int phase) => _starts[phase] + Scenario.Phases[phase].Length(IsQuick);

    /// <summary>Time since the phase of a tick began.</summary>
    public TimeSpan InPhase(TraceTick tick) => tick.At - _starts[tick.Phase];

    /// <summary>Calls in flight that in-flight calls are compared with: the phase's optimum, shortly after its start the larger one of both phases.</summary>
    public double Reference(TraceTick tick)
    {
        var own = Known(tick.Phase);
        return InPhase(tick) <= Scenario.Measure.Grace && tick.Phase > 0 ? Math.Max(own, Known(tick.Phase - 1)) : own;
    }

    /// <summary>Whether something is wrong at that time: the upstream, or a fault of holders or budget.</summary>
    public bool IsFaultAt(TimeSpan at) =>
        Enumerable.Range(0, _starts.Length).Any(phase => Scenario.Phases[phase].IsFault && at > StartOf(phase) && at <= EndOf(phase))
        || Scenario.Faults.Any(fault => fault.IsOnAt(at, Scenario.Length(IsQuick)));

    /// <summary>Whether more is asked for than the upstream can do.</summary>
    public bool IsOverloaded(int phase)
    {
        var nominal = Upstream.UpstreamModel.Nominal(Scenario.Upstream);
        return Optima[phase].InFlight > 0 && Scenario.Phases[phase].Load * nominal > Optima[phase].Capacity;
    }

    /// <summary>The optimum in flight; of a phase in which nothing can be done, that of the one before.</summary>
    private double Known(int phase)
    {
        while (phase > 0 && Optima[phase].InFlight == 0) phase--;
        return Optima[phase].InFlight;
    }
}
