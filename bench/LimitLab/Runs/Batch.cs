using OrleansPool.Bench.LimitLab.Metrics;

namespace OrleansPool.Bench.LimitLab.Runs;

/// <summary>Many runs, one on each core at a time. Runs share nothing, so their order does not matter.</summary>
internal sealed class Batch(Oracle oracle, Func<RunPlan, bool> keepsTrace, Action<int, int> progress)
{
    public IReadOnlyList<Result> Execute(IReadOnlyList<RunPlan> plans, CancellationToken cancellation)
    {
        var results = new Result[plans.Count];
        var done = 0;

        // The longest first, so that no core waits for one that was begun last.
        var order = Enumerable.Range(0, plans.Count).OrderByDescending(i => plans[i].Cost).ToArray();
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.ForEach(System.Collections.Concurrent.Partitioner.Create(order, loadBalance: true), options, index =>
        {
            results[index] = Execute(plans[index]);
            progress(Interlocked.Increment(ref done), plans.Count);
        });
        return results;
    }

    private Result Execute(RunPlan plan)
    {
        var optima = oracle.Of(plan.Scenario);
        var run = new Run(plan, optima);
        var trace = run.Execute();
        var timeline = new Timeline(plan.Scenario, optima, plan.IsQuick);
        return new Result(plan, Evaluation.Of(trace, timeline), keepsTrace(plan) ? trace : null, timeline, run.Traffic);
    }
}
