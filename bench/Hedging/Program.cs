// What hedging does to the slowest calls: the same load on two engines with the same three addresses, one of which answers one call of twenty late, in turn.
using System.CommandLine;
using System.Globalization;
using OrleansPool.Bench.Hedging;
using OrleansPool.Bench.Load;

const int Workers = 32;
const int Every = 20;

var seconds = new Option<int>("--seconds") { Description = "Seconds of each slice.", DefaultValueFactory = _ => 10 };
var rounds = new Option<int>("--rounds") { Description = "Slices of each kind; one more comes before, and is not counted.", DefaultValueFactory = _ => 3 };
var root = new RootCommand("Measures response times with and without hedging, where one address of three takes 2 s instead of 100 ms for one call of twenty.") { seconds, rounds };
foreach (var option in new[] { seconds, rounds })
{
    option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() is < 1 or > 1_000) result.AddError($"{option.Name}: 1 to 1000 are allowed");
    });
}

root.SetAction(parsed => MeasureAsync(parsed.GetValue(rounds), TimeSpan.FromSeconds(parsed.GetValue(seconds))));
return await root.Parse(args).InvokeAsync();

static async Task MeasureAsync(int rounds, TimeSpan slice)
{
    var (usual, stall) = (TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));
    using var slow = new StallingServer(usual, stall, Every).Start();
    using var one = new StallingServer(usual, stall, every: 0).Start();
    using var other = new StallingServer(usual, stall, every: 0).Start();
    string[] addresses = [slow.Address, one.Address, other.Address];
    await using var plain = await PoolUnderTest.StartAsync(addresses, isHedged: false);
    await using var hedged = await PoolUnderTest.StartAsync(addresses, isHedged: true);
    var (without, with) = (LoopOf(plain), LoopOf(hedged));
    var (slowest, calls) = (new List<(double Without, double With)>(), 0L);
    for (var round = 0; round <= rounds; round++)
    {
        var before = await without.RunAsync(new SliceOrder(Workers, slice));
        var sent = hedged.Hedged;
        var after = await with.RunAsync(new SliceOrder(Workers, slice));
        Tell($"{(round == 0 ? "warm-up" : $"round {round}")}: p50 {before.P50Us / 1000:F0} and {after.P50Us / 1000:F0} ms, p99 {before.P99Us / 1000:F0} and {after.P99Us / 1000:F0} ms, sent twice {(double)(hedged.Hedged - sent) / after.Calls:P1}");
        if (round > 0) slowest.Add((before.P99Us, after.P99Us));
        calls += before.Calls + after.Calls;
    }

    var ratios = slowest.Select(each => each.With / each.Without).Order().ToList();
    Tell($"p99 with hedging over p99 without: {ratios[ratios.Count / 2]:F2} (median of {ratios.Count}; {calls} calls)");
}

static ClosedLoop LoopOf(PoolUnderTest pool) => new(() => Task.FromResult<ICaller>(pool), TimeProvider.System);

static void Tell(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
