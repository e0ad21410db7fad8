using System.CommandLine;
using System.Text.Json;
using OrleansPool.Bench.Overload.Contenders;
using OrleansPool.Bench.Overload.Load;
using OrleansPool.Bench.Overload.Results;
using OrleansPool.Bench.Overload.Upstream;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Bench.Overload.Verbs;

/// <summary>The bench as its user sees it.</summary>
internal static class MeasureVerb
{
    private const int Failed = 1;
    private const int Interrupted = 130;
    private const int Seed = 1;

    private static readonly double[] _loads = [0.5, 1.5, 3];
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    // The calls of one phase must not weigh on the next one: longer than any of them lives at the upstream.
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(5);
    private static readonly JsonSerializerOptions _format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    private static readonly Option<FileInfo?> _json = new("--json") { Description = "Write the results there, too, with the limit over time." };

    private static readonly Option<double> _seconds = new("--seconds")
    {
        Description = "Length of each phase, 5 to 3600.",
        DefaultValueFactory = _ => 60,
    };

    public static RootCommand Create()
    {
        var verb = new RootCommand("Measures what overload does to an upstream behind the pool, by how the limit is set. bench/README.md says how to read it.")
        {
            _json, _seconds,
        };
        _seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 5 and <= 3600)) result.AddError("--seconds takes 5 to 3600");
        });
        verb.SetAction(RunAsync);
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        try
        {
            var rows = await MeasureAsync(TimeSpan.FromSeconds(parsed.GetValue(_seconds)), cancellation);
            if (parsed.GetValue(_json) is { } file) await File.WriteAllTextAsync(file.FullName, JsonSerializer.Serialize(rows, _format), cancellation);
            return 0;
        }
        catch (BenchFailedException e)
        {
            await Console.Error.WriteLineAsync($"bench: {e.Message}");
            return Failed;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("bench: interrupted; all that it started is ended.");
            return Interrupted;
        }
    }

    private static async Task<List<PhaseRow>> MeasureAsync(TimeSpan phase, CancellationToken cancellation)
    {
        var root = BuiltFiles.RootOfSelf() ?? throw new BenchFailedException("this program lies outside of a checkout; build and run it there.");
        var rows = new List<PhaseRow>();
        await Console.Out.WriteLineAsync($"{Contender.All.Count * _loads.Length} phases of {phase.TotalSeconds:F0} s; the upstream's capacity is {CollapsingService.Capacity:F0} calls/s at {CollapsingService.Slots} at once");
        await Console.Out.WriteLineAsync(ResultTable.Heading);
        foreach (var contender in Contender.All) await MeasureAsync(contender, BuiltFiles.In(root).Standalone, phase, rows, cancellation);
        return rows;
    }

    private static async Task MeasureAsync(Contender contender, string assembly, TimeSpan phase, List<PhaseRow> rows, CancellationToken cancellation)
    {
        await using var upstream = ChildProcess.Start("upstream", DotnetProgram.Start(DotnetProgram.Self, UpstreamVerb.Name), answers: true);
        var port = int.Parse((await upstream.ReadLineAsync(_patience, cancellation)).AsSpan(UpstreamVerb.Greeting.Length));
        await using var host = await HostUnderTest.StartAsync(assembly, contender, port, cancellation);
        foreach (var load in _loads)
        {
            var row = await RunPhaseAsync(contender, host, load, phase, cancellation);
            rows.Add(row);
            await Console.Out.WriteLineAsync(ResultTable.Line(row));
            await Task.Delay(_pause, TimeProvider.System, cancellation);
        }
    }

    private static async Task<PhaseRow> RunPhaseAsync(Contender contender, HostUnderTest host, double load, TimeSpan phase, CancellationToken cancellation)
    {
        using var call = new TimedCall(host.Origin);
        var rate = load * CollapsingService.Capacity;
        var running = new OpenLoop(call, Seed).RunAsync(rate, phase, cancellation);
        var points = await new LimitWatch(host).WatchAsync(running, cancellation);
        var tally = await running;
        var possible = Math.Min(tally.Offered, CollapsingService.Capacity * phase.TotalSeconds);
        var settled = points.Skip(points.Count / 2).Select(point => point.Limit).Order().ToList();
        return new PhaseRow(
            contender.Name, load, Math.Round(tally.Good / possible, 4), Math.Round(tally.P50Ms, 1), Math.Round(tally.P99Ms, 1),
            settled[settled.Count / 2], points.Max(point => point.InFlight), points);
    }
}
