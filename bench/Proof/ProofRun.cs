using OrleansPool.Bench.Load;
using OrleansPool.Bench.Processes;
using OrleansPool.Bench.Proof.Figures;
using OrleansPool.Bench.Proof.Stage;

namespace OrleansPool.Bench.Proof;

/// <summary>Goes through the phases on a stage, and takes the figures.</summary>
internal sealed class ProofRun(ProofStage stage, TextWriter output, TextWriter progress)
{
    // Less than this in the steady phase, and the figures of the others mean nothing.
    private const double LeastSteady = 0.99;

    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, double> _steady = [];

    /// <summary>Runs them all.</summary>
    /// <exception cref="BenchFailedException">The steady phase was not steady.</exception>
    public async Task<IReadOnlyList<PhaseRow>> RunAsync(IReadOnlyList<Phase> phases, CancellationToken cancellation)
    {
        var rows = new List<PhaseRow>();
        await Task.Delay(ProofPlan.WarmUp, TimeProvider.System, cancellation);
        await output.WriteLineAsync(ProofTable.Heading);
        foreach (var (number, phase) in phases.Index())
        {
            await progress.WriteLineAsync($"[{number + 1} of {phases.Count}] {phase.Name}: {phase.Text} ...");
            foreach (var row in await RunAsync(phase, cancellation))
            {
                rows.Add(row);
                await output.WriteLineAsync(ProofTable.Line(row));
            }
        }

        return rows;
    }

    private async Task<List<PhaseRow>> RunAsync(Phase phase, CancellationToken cancellation)
    {
        foreach (var endpoint in stage.Endpoints) endpoint.Upstream.Connections.TakePeak();
        var begun = stage.Endpoints.Select(endpoint => endpoint.Load.Now).ToList();
        await phase.FaultAsync(stage, cancellation);
        await WatchAsync(phase.Watch, cancellation);
        var ended = stage.Endpoints.Select(endpoint => endpoint.Load.Now).ToList();
        var peaks = stage.Endpoints.Select(endpoint => endpoint.Upstream.Connections.TakePeak()).ToList();

        // So that what was due last is over, too.
        await Task.Delay(Load.Answers.Deadline, TimeProvider.System, cancellation);
        return [.. stage.Endpoints.Select((endpoint, index) => Row(phase, endpoint, begun[index], ended[index], peaks[index]))];
    }

    private async Task WatchAsync(TimeSpan watch, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < watch)
        {
            await stage.ReviveAsync(cancellation);
            await Task.Delay(_look, TimeProvider.System, cancellation);
        }
    }

    private PhaseRow Row(Phase phase, EndpointUnderProof endpoint, double from, double to, int peak)
    {
        var outcomes = endpoint.Load.Between(from, to);
        var steady = SteadyOf(endpoint.Plan.Name, outcomes, from, to);
        var disturbance = Goodput.After(outcomes, from, to, steady);
        var good = outcomes.Where(outcome => outcome.Error is null).ToList();
        return new PhaseRow(
            phase.Name, endpoint.Plan.Name, Math.Round(to - from, 1), endpoint.Plan.Cap, peak, outcomes.Count, good.Count,
            Math.Round(100 * disturbance.Dip, 1), Math.Round(disturbance.SecondsBelow, 1),
            disturbance.SecondsToRecover is { } seconds ? Math.Round(seconds, 1) : null, Math.Round(P99Ms(good), 1), ErrorsOf(outcomes),
            [.. Seconds(endpoint, outcomes, (int)from, (int)to)]);
    }

    private static IEnumerable<SecondOfPhase> Seconds(EndpointUnderProof endpoint, IReadOnlyList<Outcome> outcomes, int from, int to)
    {
        var bySecond = outcomes.ToLookup(outcome => (int)outcome.Due);
        for (var second = from; second < to; second++)
            yield return new SecondOfPhase(second - from, bySecond[second].Count(), bySecond[second].Count(outcome => outcome.Error is null), endpoint.Samples.Most(second));
    }

    // The first phase's share is that of all others.
    private double SteadyOf(string endpoint, IReadOnlyList<Outcome> outcomes, double from, double to)
    {
        if (_steady.TryGetValue(endpoint, out var known)) return known;
        var share = Goodput.Share(outcomes, from, to);
        if (share < LeastSteady)
            throw new BenchFailedException($"only {share:P1} of the calls to {endpoint} were answered well while nothing happened ({string.Join(", ", ErrorsOf(outcomes))}); see the silos' logs.");
        return _steady[endpoint] = share;
    }

    private static Dictionary<string, int> ErrorsOf(IReadOnlyList<Outcome> outcomes) =>
        outcomes.Where(outcome => outcome.Error is not null).CountBy(outcome => outcome.Error!).ToDictionary(StringComparer.Ordinal);

    private static double P99Ms(List<Outcome> good)
    {
        var histogram = new LatencyHistogram();
        foreach (var outcome in good) histogram.Record(outcome.ResponseTime);
        return histogram.PercentileUs(0.99) / 1_000;
    }
}
