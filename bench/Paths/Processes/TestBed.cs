using System.Diagnostics;
using OrleansPool.Bench.Load;
using OrleansPool.Bench.Paths.CallPaths;
using OrleansPool.Bench.Paths.Upstream;
using OrleansPool.Bench.Paths.Verbs;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Bench.Paths.Processes;

/// <summary>
/// What all paths share: the upstream, a folder for configuration files, and the list of processes to end. Each path has its own processes; all of
/// them are up during the whole run, and those whose turn it is not are idle.
/// </summary>
internal sealed class TestBed : IAsyncDisposable
{
    /// <summary>Time for a process to come up on a slow machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<ChildProcess> _children = [];

    private TestBed(BuiltFiles files) => Files = files;

    public BuiltFiles Files { get; }

    /// <summary>Where the upstream listens.</summary>
    public UpstreamPorts Upstream { get; private set; } = new(0, 0, 0);

    /// <summary>An empty folder, gone at the end.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("orleanspool-bench-").FullName;

    /// <summary>Processor time used so far by all processes of the bench, this one included.</summary>
    public TimeSpan CpuTime => _children.Aggregate(Environment.CpuUsage.TotalTime, (sum, child) => sum + child.CpuTime);

    /// <summary>Starts the upstream.</summary>
    public static async Task<TestBed> OpenAsync(BuiltFiles files, CancellationToken cancellation)
    {
        var bed = new TestBed(files);
        try
        {
            var upstream = bed.Start("upstream", DotnetProgram.Start(DotnetProgram.Self, UpstreamVerb.Name), answers: true);
            var greeting = await upstream.ReadLineAsync(Patience, cancellation);
            bed.Upstream = UpstreamPorts.Parse(greeting);
            return bed;
        }
        catch
        {
            await bed.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a process that is ended with the bed.</summary>
    public ChildProcess Start(string name, ProcessStartInfo start, bool answers = false)
    {
        start.WorkingDirectory = Folder;
        var child = ChildProcess.Start(name, start, answers);
        _children.Add(child);
        return child;
    }

    /// <summary>Starts a load generator that connects to a port of this machine and makes the path's calls.</summary>
    public Task<LoadGenerator> StartLoadAsync(CallPath path, int port, CancellationToken cancellation) =>
        StartLoadAsync(path.Name, DotnetProgram.Start(DotnetProgram.Self, LoadVerb.Name, LoadVerb.PortOption, $"{port}", LoadVerb.CallsOption, $"{path.Calls}"), cancellation);

    /// <summary>Starts a load generator.</summary>
    public async Task<LoadGenerator> StartLoadAsync(string path, ProcessStartInfo start, CancellationToken cancellation)
    {
        var child = Start($"load generator of {path}", start, answers: true);
        var line = await child.ReadLineAsync(Patience, cancellation);
        if (line == LoadProcess.Ready) return new LoadGenerator(child);
        throw new BenchFailedException($"{child.Name} began with '{line}' instead of '{LoadProcess.Ready}'; rebuild bench/.");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var child in _children) await child.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
