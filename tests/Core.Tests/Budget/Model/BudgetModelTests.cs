using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace OrleansPool.Core.Tests.Budget.Model;

/// <summary>The promise, over arbitrary interleavings: connections open over all holders are never more than the cap.</summary>
public class BudgetModelTests(ITestOutputHelper output)
{
    private const int StepsOfARun = 2_000;
    private const int Runs = 500;

    // The rarest of the eight is found within some 200 runs in the mean.
    private const int RunsWithoutARule = 5_000;

    private readonly int _seed = Environment.GetEnvironmentVariable("ORLEANSPOOL_SEED") is { } given ? int.Parse(given) : Random.Shared.Next();

    public static TheoryData<Rule> Rules => [.. Enum.GetValues<Rule>()];

    [Fact]
    public async Task Cap_OverAMillionSteps_IsNeverExceeded()
    {
        var seen = new ModelTotals();
        await SearchAsync(without: null, Runs, seen);
        output.WriteLine($"{Runs * StepsOfARun} steps: {seen.Grants} grants, {seen.Floors} with a floor, {seen.ClientGrants} to clients, {seen.Epoch} takeovers, {seen.Severed} connections severed, {seen.Changes} caps, {seen.Reached} lower ones reached, {seen.Orders} orders");
        Assert.Equal(BudgetModel.MostCap, seen.MostOpen);
        Assert.True(seen is { Grants: > 30_000, Epoch: > 1_000, Severed: > 200, Floors: > 2_000, ClientGrants: > 2_000, Changes: > 500, Reached: > 100, Orders: > 500 }, "the sequences exercised too little");
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Cap_WithoutOneOfTheRules_IsExceeded(Rule rule)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => SearchAsync(rule, RunsWithoutARule, new ModelTotals()));
        Assert.Contains(nameof(CapExceededException), $"{failure}", StringComparison.Ordinal);
    }

    /// <summary>On the thread pool, where continuations run inline: a step is over when it returns.</summary>
    private Task SearchAsync(Rule? without, int runs, ModelTotals seen) => Task.Run(() =>
    {
        output.WriteLine($"seed {_seed}; ORLEANSPOOL_SEED={_seed} runs it again");
        var sequences = Gen.Choose(0, int.MaxValue).ArrayOf(StepsOfARun);
        var config = Config.QuickThrowOnFailure.WithMaxTest(runs).WithReplay((ulong)_seed, 1);
        Check.One(config, Prop.ForAll(without is null ? Arb.From(sequences, Shorter) : Arb.From(sequences), sequence => Run(sequence, without, seen)));
    });

    private static void Run(int[] sequence, Rule? without, ModelTotals seen)
    {
        var model = new BudgetModel(without);
        foreach (var step in sequence) model.Apply(step);
        seen.Grants += model.Totals.Grants;
        seen.Floors += model.Totals.Floors;
        seen.ClientGrants += model.Totals.ClientGrants;
        seen.Severed += model.Totals.Severed;
        seen.Epoch += model.Totals.Epoch;
        seen.Changes += model.Totals.Changes;
        seen.Reached += model.Totals.Reached;
        seen.Orders += model.Totals.Orders;
        seen.MostOpen = Math.Max(seen.MostOpen, model.Totals.MostOpen);
    }

    /// <summary>Without each of its parts, in ever smaller parts.</summary>
    private static IEnumerable<int[]> Shorter(int[] sequence)
    {
        for (var length = sequence.Length / 2; length > 0; length /= 2)
        {
            for (var from = 0; from + length <= sequence.Length; from += length) yield return [.. sequence[..from], .. sequence[(from + length)..]];
        }
    }
}
