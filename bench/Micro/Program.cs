// Measures acquire and release of the pool. --json FILE writes rows {name, ns, bytes}; without it they are the last line printed.
using System.CommandLine;
using System.Text.Json;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using OrleansPool.Bench.Micro;

var json = new Option<FileInfo?>("--json") { Description = "Write the rows {name, ns, bytes} there." };
var root = new RootCommand("Measures what the pool itself costs: taking a lease and giving it back. Takes a minute or two.") { json };
json.Validators.Add(result =>
{
    if (result.GetValueOrDefault<FileInfo?>()?.Directory?.Exists != false) return;
    result.AddError("--json: the file's folder does not exist; create it first");
});
root.SetAction(parsed => Measure(parsed.GetValue(json)));
return root.Parse(args).Invoke();

static int Measure(FileInfo? file)
{
    var summary = BenchmarkRunner.Run<AcquireRelease>(Config());
    if (summary.HasCriticalValidationErrors || summary.Reports.Length == 0 || summary.Reports.Any(report => !report.Success))
    {
        Console.Error.WriteLine("bench: no result; the lines above say why. A Debug build is refused: dotnet build bench/Micro -c Release.");
        return 1;
    }

    var lowerCase = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    var rows = JsonSerializer.Serialize(summary.Reports.Select(ToRow), lowerCase);
    Console.WriteLine(rows);
    if (file is not null) File.WriteAllText(file.FullName, rows);
    return 0;
}

// In this process: the usual way is to generate and build a project, which would stand under this repository's rules for hand-written code.
static IConfig Config() => DefaultConfig.Instance
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(6).WithIterationCount(15))
    .WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "BenchmarkDotNet.Artifacts"));

static Row ToRow(BenchmarkReport report)
{
    var benchmark = report.BenchmarkCase;
    var kind = benchmark.Parameters["Multiplexed"] is true ? "multiplexed" : "exclusive";
    var callers = benchmark.Descriptor.WorkloadMethod.Name switch
    {
        nameof(AcquireRelease.Uncontended) => "uncontended",
        nameof(AcquireRelease.Queued) => "queued",
        _ => "32-way",
    };
    var bytes = report.GcStats.GetBytesAllocatedPerOperation(benchmark) ?? 0;
    return new Row($"acquire-release {kind} {callers}", Math.Round(report.ResultStatistics!.Median, 1), bytes);
}
