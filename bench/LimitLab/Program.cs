using System.Globalization;
using OrleansPool.Bench.LimitLab.Metrics;
using OrleansPool.Bench.LimitLab.Runs;
using OrleansPool.Bench.LimitLab.Scenarios;

var oracle = new Oracle();
var scenario = ScenarioLibrary.Load(args[0]);
var optima = oracle.Of(scenario);
foreach (var optimum in optima) Console.WriteLine(optimum);
var plan = new RunPlan(scenario, args[1], Enum.Parse<Scope>(args[2]), 8, long.Parse(args[3], CultureInfo.InvariantCulture), args.Length > 4);
var started = TimeProvider.System.GetTimestamp();
var run = new Run(plan, optima);
var trace = run.Execute();
var took = TimeProvider.System.GetElapsedTime(started);
Console.WriteLine($"{run.Events} events in {took.TotalSeconds:F1} s");
foreach (var tick in trace.Ticks.Where((_, i) => i % 20 == 0).Take(40)) Console.WriteLine($"{tick.At.TotalSeconds,8:F1} L {tick.Limit,6:F0} in flight {tick.InFlight,7:F1} peak {tick.PeakInFlight,5} waiting {tick.Waiting,5} offered {tick.Offered,5} good {tick.Good,5} refused {tick.Refused,5} R {tick.ResponseTime.TotalMilliseconds,6:F1} {(tick.IsProbing ? "probe" : "")}");
Console.WriteLine(Evaluation.Of(trace, new Timeline(scenario, optima, plan.IsQuick)));
