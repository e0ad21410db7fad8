using OrleansPool.Bench.Proof.Stage;

namespace OrleansPool.Bench.Proof;

/// <summary>A fault, and the time after it that is watched.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Text">What happens, for a person.</param>
/// <param name="FaultAsync">Does it; the phase goes on for <paramref name="Watch"/> after that.</param>
/// <param name="Watch">How long it goes on.</param>
internal sealed record Phase(string Name, string Text, Func<ProofStage, CancellationToken, Task> FaultAsync, TimeSpan Watch)
{
    /// <summary>All phases in their order.</summary>
    public static IReadOnlyList<Phase> All(ProofPlan plan) =>
    [
        new("steady", "nothing happens", static (_, _) => Task.CompletedTask, plan.Steady),
        new("kill", $"a silo is killed, and started again after {plan.DownTime.TotalSeconds:F0} s", async (stage, end) => await KillAsync(await OtherAsync(stage), plan, end), plan.Watch),
        new("freeze", $"a silo stands still for {plan.FrozenTime.TotalSeconds:F0} s", async (stage, end) => await FreezeAsync(await OtherAsync(stage), plan, end), plan.Watch),
        new("rolling restart", "all silos are stopped and started, one after the other", RestartAllAsync, plan.Watch),
        new("kill budget", "the same as kill, with the silo that has the budget of web", async (stage, end) => await KillAsync(await HolderAsync(stage), plan, end), plan.Watch),
        new("freeze budget", "the same as freeze, with the silo that has the budget of web", async (stage, end) => await FreezeAsync(await HolderAsync(stage), plan, end), plan.Watch),
        new("store away", $"the database is stopped for {plan.StoreTime.TotalSeconds:F0} s", (stage, end) => StopStoreAsync(stage, plan, end), plan.Watch),
        new("store away, kill", "the database is stopped, then the silo that has the budget of web is killed", (stage, end) => StopStoreAndKillAsync(stage, plan, end), plan.Watch),
    ];

    private static Task<SiloHost> HolderAsync(ProofStage stage) => stage.FindBudgetAsync(EndpointPlan.Web);

    private static async Task<SiloHost> OtherAsync(ProofStage stage)
    {
        var (web, rpc) = (await HolderAsync(stage), await stage.FindBudgetAsync(EndpointPlan.Rpc));
        return stage.Silos.First(silo => silo != web && silo != rpc);
    }

    private static async Task KillAsync(SiloHost silo, ProofPlan plan, CancellationToken end)
    {
        await silo.KillAsync();
        await Task.Delay(plan.DownTime, TimeProvider.System, end);
        await silo.StartAsync(end);
    }

    private static async Task FreezeAsync(SiloHost silo, ProofPlan plan, CancellationToken end)
    {
        await silo.FreezeAsync();
        await Task.Delay(plan.FrozenTime, TimeProvider.System, end);
        await silo.ThawAsync();
    }

    private static async Task RestartAllAsync(ProofStage stage, CancellationToken end)
    {
        foreach (var silo in stage.Silos)
        {
            await silo.StopAsync();
            await silo.StartAsync(end);
        }
    }

    private static async Task StopStoreAsync(ProofStage stage, ProofPlan plan, CancellationToken end)
    {
        await stage.Database.StopAsync();
        await Task.Delay(plan.StoreTime, TimeProvider.System, end);
        await stage.Database.StartAsync(end);
    }

    private static async Task StopStoreAndKillAsync(ProofStage stage, ProofPlan plan, CancellationToken end)
    {
        var silo = await HolderAsync(stage);
        await stage.Database.StopAsync();
        await silo.KillAsync();
        await Task.Delay(plan.StoreTime, TimeProvider.System, end);
        await stage.Database.StartAsync(end);
        await silo.StartAsync(end);
    }
}
