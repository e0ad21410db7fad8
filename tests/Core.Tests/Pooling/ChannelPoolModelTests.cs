using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace OrleansPool.Core.Tests.Pooling;

/// <summary>Arbitrary sequences of operations: whatever happens in whatever order, every invariant holds after each step.</summary>
public class ChannelPoolModelTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pool_TenThousandRandomOperations_HoldsEveryInvariantAndLeavesNothingBehind(bool isMultiplexed)
    {
        var seed = Environment.GetEnvironmentVariable("ORLEANSPOOL_SEED") is { } given ? int.Parse(given) : Random.Shared.Next();
        output.WriteLine($"seed {seed}; ORLEANSPOOL_SEED={seed} runs it again");
        var random = new Random(seed);
        var model = new PoolModel(isMultiplexed);
        for (var step = 0; step < 10_000; step++)
        {
            try
            {
                await model.ApplyAsync(random.Next(100), random.Next(1_000_000));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, step {step}: {e.Message} {model.LastLook}", e);
            }
        }

        await model.AuditAsync();
        output.WriteLine($"{model.Totals.Acquired} leases, {model.Totals.Waited} after a wait, {model.Totals.Connected} channels, {model.Totals.Refused} refusals");
        Assert.True(model.Totals is { Acquired: > 500, Waited: > 100, Connected: > 100 }, "the sequence exercised too little");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pool_AnyShortSequence_HoldsEveryInvariant(bool isMultiplexed)
    {
        var operation = Gen.Two(Gen.Choose(0, 1_000_000)).Select(pair => (Kind: pair.Item1 % 100, Argument: pair.Item2));
        var sequences = Arb.From(Gen.ListOf(operation), Shorter);
        Prop.ForAll(sequences, sequence => RunAsync(isMultiplexed, sequence)).QuickCheckThrowOnFailure();
    }

    private static async Task RunAsync(bool isMultiplexed, List<(int Kind, int Argument)> sequence)
    {
        var model = new PoolModel(isMultiplexed);
        foreach (var (kind, argument) in sequence) await model.ApplyAsync(kind, argument);
        await model.AuditAsync();
    }

    // Each half, then the sequence without each single operation.
    private static IEnumerable<List<(int Kind, int Argument)>> Shorter(List<(int Kind, int Argument)> sequence)
    {
        if (sequence.Count > 1)
        {
            yield return sequence[..(sequence.Count / 2)];
            yield return sequence[(sequence.Count / 2)..];
        }

        for (var left = 0; left < sequence.Count; left++) yield return [.. sequence[..left], .. sequence[(left + 1)..]];
    }
}
