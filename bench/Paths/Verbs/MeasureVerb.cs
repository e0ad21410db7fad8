using System.CommandLine;
using System.CommandLine.Parsing;
using OrleansPool.Bench.Paths.CallPaths;
using OrleansPool.Bench.Paths.Measuring;
using OrleansPool.Bench.Paths.Processes;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Bench.Paths.Verbs;

/// <summary>The bench as its user sees it.</summary>
internal static class MeasureVerb
{
    private const int Failed = 1;
    private const int Interrupted = 130;

    private static readonly CallPath[] _all =
    [
        new DirectPath(CallKind.Grpc), new IngressPath(), new RoutedPath(), new LocalPath(), new NginxPath(), new HaproxyPath(), new NghttpxPath(),
        new DirectPath(CallKind.Frame), new FramedPath(), new SessionPath(), new HaproxyTcpPath(),
        new DirectPath(CallKind.JsonRpc), new JsonRpcPath(),
    ];

    private static readonly int[] _usualConcurrency = [64, 1];

    private static readonly Option<FileInfo?> _json = new("--json") { Description = "Write the results there, too, as JSON rows." };

    private static readonly Option<double> _seconds = new("--seconds")
    {
        Description = "Length of each measured slice, 0.1 to 600.",
        DefaultValueFactory = _ => 3,
    };

    private static readonly Option<int> _rounds = new("--rounds")
    {
        Description = "Slices of each path, of which the median counts, 1 to 100.",
        DefaultValueFactory = _ => 3,
    };

    private static readonly Option<string[]> _paths = new("--paths")
    {
        Description = $"Paths to measure, with commas between. Default: all that can be, of {string.Join(',', _all.Select(path => path.Name))}.",
        CustomParser = Items,
    };

    private static readonly Option<int[]> _concurrency = new("--concurrency")
    {
        Description = "Calls at once, 1 to 1000, with commas between. Default: 64,1.",
        CustomParser = Numbers,
    };

    private static readonly Option<DirectoryInfo?> _root = new("--root")
    {
        Description = "Checkout whose built hosts are measured, to compare two of them. Default: the one that this program was built in.",
    };

    public static RootCommand Create()
    {
        var verb = new RootCommand("Measures what a small call costs on each way to the upstream, by gRPC, framed TCP and JSON-RPC. bench/README.md says how to read it.")
        {
            _json, _seconds, _rounds, _paths, _concurrency, _root,
        };
        _seconds.Validators.Add(result => Check(result, result.GetValueOrDefault<double>() is >= 0.1 and <= 600, "--seconds takes 0.1 to 600"));
        _rounds.Validators.Add(result => Check(result, result.GetValueOrDefault<int>() is >= 1 and <= 100, "--rounds takes 1 to 100"));
        _json.Validators.Add(result => Check(result, HasFolder(result.GetValueOrDefault<FileInfo?>()), "--json: create the file's folder first"));
        verb.SetAction(RunAsync);
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        try
        {
            var results = await MeasureAsync(parsed, cancellation);
            await Console.Out.WriteLineAsync();
            ResultTable.Write(Console.Out, results);
            if (parsed.GetValue(_json) is { } file) await File.WriteAllTextAsync(file.FullName, results.ToJson(), cancellation);
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

    private static async Task<Results> MeasureAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var root = parsed.GetValue(_root)?.FullName ?? BuiltFiles.RootOfSelf()
            ?? throw new BenchFailedException("this program lies outside of a checkout; name one with --root.");
        var files = BuiltFiles.In(root);
        var chosen = Choose(parsed.GetValue(_paths), files);
        await using var bed = await TestBed.OpenAsync(files, cancellation);
        var running = new List<RunningPath>();
        foreach (var path in chosen) running.Add(await path.StartAsync(bed, cancellation));
        var concurrency = parsed.GetValue(_concurrency) is { Length: > 0 } asked ? asked : _usualConcurrency;
        var plan = new RunPlan(TimeSpan.FromSeconds(parsed.GetValue(_seconds)), parsed.GetValue(_rounds), concurrency);
        await new WarmUp(running, concurrency.Max(), Console.Out).RunAsync(cancellation);
        return await new Rounds(running, plan, new MachineLoad(bed), Console.Out).RunAsync(cancellation);
    }

    private static List<CallPath> Choose(string[]? names, BuiltFiles files)
    {
        var chosen = new List<CallPath>();
        foreach (var path in _all.Where(path => names is null or [] || names.Contains(path.Name, StringComparer.Ordinal)))
        {
            if (path.WhyLeftOut(files) is { } reason) Console.Out.WriteLine($"left out: {path.Name} ({reason})");
            else chosen.Add(path);
        }

        return chosen.Count > 0 ? chosen : throw new BenchFailedException("no path can be measured here; the lines above say what each needs.");
    }

    private static string[] Items(ArgumentResult result)
    {
        var names = Split(result).ToArray();
        var known = _all.Select(path => path.Name).ToArray();
        foreach (var unknown in names.Except(known, StringComparer.Ordinal))
            result.AddError($"--paths: there is no path '{unknown}'; the paths are {string.Join(',', known)}");
        return names;
    }

    private static int[] Numbers(ArgumentResult result)
    {
        var numbers = new List<int>();
        foreach (var item in Split(result))
        {
            if (int.TryParse(item, out var number) && number is >= 1 and <= 1000) numbers.Add(number);
            else result.AddError($"--concurrency: '{item}' is not a number from 1 to 1000; 64,1 is the default");
        }

        return [.. numbers];
    }

    private static IEnumerable<string> Split(ArgumentResult result) =>
        result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries));

    private static bool HasFolder(FileInfo? file) => file?.Directory?.Exists != false;

    private static void Check(OptionResult result, bool holds, string message)
    {
        if (!holds) result.AddError(message);
    }
}
