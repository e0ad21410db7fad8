using System.CommandLine;
using OrleansPool.Bench.Processes;
using OrleansPool.Bench.Proof.Figures;
using OrleansPool.Bench.Proof.Stage;

namespace OrleansPool.Bench.Proof;

/// <summary>The proof as its user sees it.</summary>
internal static class ProveVerb
{
    private const int Failed = 1;
    private const int OverCap = 2;
    private const int Interrupted = 130;

    private static readonly Option<FileInfo?> _json = new("--json") { Description = "Write the figures there, too." };

    private static readonly Option<bool> _quick = new("--quick") { Description = "Shorter leases and shorter faults: a check of minutes." };

    private static readonly Option<string[]> _phases = new("--phases")
    {
        Description = "Only the phases whose names begin with one of these, after the steady one.",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<DirectoryInfo?> _logs = new("--logs") { Description = "Folder for the silos' logs. Default: a new one below the system's for temporary files." };

    public static RootCommand Create()
    {
        var verb = new RootCommand("Kills, freezes and restarts silos and the database under load, and counts at the upstream. docs/proof.md says how to read it.")
        {
            _quick, _json, _phases, _logs,
        };
        _json.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<FileInfo?>()?.Directory?.Exists == false) result.AddError("--json: create the file's folder first");
        });
        verb.SetAction(RunAsync);
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        try
        {
            var results = await ProveAsync(parsed, cancellation);
            if (parsed.GetValue(_json) is { } file) await File.WriteAllTextAsync(file.FullName, results.ToJson(), cancellation);
            return results.Passed ? 0 : OverCap;
        }
        catch (BenchFailedException e)
        {
            await Console.Error.WriteLineAsync($"prove: {e.Message}");
            return Failed;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("prove: interrupted; all that it started is ended.");
            return Interrupted;
        }
    }

    private static async Task<ProofResults> ProveAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var root = BuiltFiles.RootOfSelf() ?? throw new BenchFailedException("this program lies outside of a checkout; build and run it there.");
        var plan = parsed.GetValue(_quick) ? ProofPlan.Quick : ProofPlan.Full;
        var phases = Choose(Phase.All(plan), parsed.GetValue(_phases));
        var logs = parsed.GetValue(_logs)?.FullName ?? Directory.CreateTempSubdirectory("orleanspool-proof-").FullName;
        Directory.CreateDirectory(logs);
        await Console.Error.WriteLineAsync($"About {phases.Sum(phase => phase.Watch.TotalMinutes) + 1:F0} minutes and the faults themselves; the silos' logs are in {logs}");
        await using var stage = await ProofStage.OpenAsync(plan, BuiltFiles.In(root), logs, cancellation);
        var rows = await new ProofRun(stage, Console.Out, Console.Error).RunAsync(phases, cancellation);
        var passed = !rows.Any(row => row.IsOverCap);
        await Console.Out.WriteLineAsync(passed ? "The cap held in every phase." : "THE CAP WAS EXCEEDED: see the rows marked OVER.");
        return new ProofResults(passed, plan.TimeToLive.TotalSeconds, plan.FreezeTolerance.TotalSeconds, rows);
    }

    private static List<Phase> Choose(IReadOnlyList<Phase> all, string[]? names)
    {
        if (names is null or []) return [.. all];
        var unknown = names.FirstOrDefault(name => !all.Any(phase => phase.Name.StartsWith(name, StringComparison.Ordinal)));
        if (unknown is not null) throw new BenchFailedException($"--phases: there is no phase '{unknown}'; the phases are {string.Join(", ", all.Select(phase => phase.Name))}");
        return [all[0], .. all.Skip(1).Where(phase => names.Any(name => phase.Name.StartsWith(name, StringComparison.Ordinal)))];
    }
}
