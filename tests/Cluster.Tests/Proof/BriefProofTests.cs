using OrleansPool.Bench.Processes;
using OrleansPool.Bench.Proof;
using OrleansPool.Bench.Proof.Figures;
using OrleansPool.Bench.Proof.Load;
using OrleansPool.Bench.Proof.Stage;
using Xunit.Abstractions;

namespace OrleansPool.Cluster.Tests.Proof;

/// <summary>The proof (docs/proof.md) in short: real silos, a load, one killed and one frozen. It asserts what a busy machine cannot change; the figures are the long one's.</summary>
public sealed class BriefProofTests(ITestOutputHelper output) : IDisposable
{
    private const double WindowSeconds = 2;

    // A machine that stalls is no failure: what counts is that goodput comes, and that the cap held all the while.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);

    private readonly string _logs = Directory.CreateTempSubdirectory("orleanspool-proof-").FullName;

    public void Dispose() => Directory.Delete(_logs, recursive: true);

    [SkippableFact]
    public async Task KillAndFreezeOfASilo_UnderLoad_NeverExceedTheCapAndGoodputComesBack()
    {
        RequiredTool.Require(PostgreSqlServer.IsInstalled, PostgreSqlServer.Package);
        var plan = ProofPlan.Brief;
        await using var stage = await ProofStage.OpenAsync(plan, Repository.Built, _logs, CancellationToken.None);
        await GoodputIsBackAsync(stage, "warm");
        foreach (var name in (string[])["kill", "freeze"])
        {
            var phase = Phase.All(plan).Single(phase => phase.Name == name);
            await phase.FaultAsync(stage, CancellationToken.None);
            await GoodputIsBackAsync(stage, name);
        }
    }

    // Looks at the cap all the while. Calls that were due before, or whose time is not up yet, tell nothing.
    private async Task GoodputIsBackAsync(ProofStage stage, string after)
    {
        var since = stage.Endpoints.Select(endpoint => endpoint.Load.Now).ToList();
        await Eventually.HoldsAsync(
            async () =>
            {
                AssertCaps(stage, after);
                await stage.ReviveAsync(CancellationToken.None);
                return stage.Endpoints.Zip(since).All(pair => IsGood(pair.First.Load, pair.Second));
            },
            $"goodput to be back after {after}",
            _patience);
        output.WriteLine($"{after}: {string.Join(", ", stage.Endpoints.Zip(since).Select(pair => $"{pair.First.Plan.Name} after {pair.First.Load.Now - pair.Second:F1} s"))}");
    }

    private static bool IsGood(OpenLoop load, double since)
    {
        var to = load.Now - Answers.Deadline.TotalSeconds;
        var from = to - WindowSeconds;
        return from >= since && Goodput.Share(load.Between(from, to), from, to) >= Goodput.Recovered;
    }

    // The most since the last look, as the upstream counted it at each accept.
    private static void AssertCaps(ProofStage stage, string after) =>
        Assert.All(stage.Endpoints, endpoint => Assert.True(
            endpoint.Upstream.Connections.TakePeak() is var peak && peak <= endpoint.Plan.Cap, $"{endpoint.Plan.Name} had {peak} connections of {endpoint.Plan.Cap}, {after}"));
}
