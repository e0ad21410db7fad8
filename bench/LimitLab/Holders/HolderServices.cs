using OrleansPool.Bench.LimitLab.Load;
using OrleansPool.Bench.LimitLab.Metrics;
using OrleansPool.Bench.LimitLab.Scenarios;
using OrleansPool.Bench.LimitLab.Simulation;
using OrleansPool.Bench.LimitLab.Upstream;

namespace OrleansPool.Bench.LimitLab.Holders;

/// <summary>What all holders of a run have in common.</summary>
internal sealed record HolderServices(Clock Clock, Scenario Scenario, UpstreamModel Upstream, Recorder Recorder, CallStore Calls, DeadlineLine Deadlines);
