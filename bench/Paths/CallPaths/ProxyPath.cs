using System.Diagnostics;
using OrleansPool.Bench.Paths.Processes;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Bench.Paths.CallPaths;

/// <summary>
/// Through a proxy of somebody else, for comparison: one worker with one thread, no TLS. For gRPC it speaks HTTP/2 in front, and the best that it has behind.
/// </summary>
/// <param name="name">The path's name.</param>
/// <param name="calls">What its callers do.</param>
/// <param name="executable">What to start.</param>
/// <param name="package">The package that has it.</param>
internal abstract class ProxyPath(string name, CallKind calls, string executable, string package) : CallPath(name, calls)
{
    // Some systems keep them where only root's PATH leads.
    private static readonly string[] _otherFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

    public override string? WhyLeftOut(BuiltFiles files) => Find() is null ? $"not installed; apt-get install {package}" : null;

    public override async Task<RunningPath> StartAsync(TestBed bed, CancellationToken cancellation)
    {
        var port = FreePort.Next();
        var folder = Directory.CreateDirectory(Path.Combine(bed.Folder, Name)).FullName;
        var program = Find() ?? throw new BenchFailedException($"{executable} was there a moment ago and is not any more; apt-get install {package}");
        var proxy = bed.Start(Name, new ProcessStartInfo(program, Arguments(folder, port, bed.Upstream.Of(Calls))));
        await proxy.AwaitReadyAsync(() => FreePort.IsTakenAsync(port), TestBed.Patience, cancellation);
        return new RunningPath(this, await bed.StartLoadAsync(this, port, cancellation), proxy);
    }

    /// <summary>The command line that keeps it in the foreground; writes its configuration where it needs one.</summary>
    /// <param name="folder">An empty folder of its own.</param>
    /// <param name="port">Where to listen.</param>
    /// <param name="upstream">The upstream's port.</param>
    protected abstract IEnumerable<string> Arguments(string folder, int port, int upstream);

    /// <summary>Writes a configuration file and returns its path.</summary>
    protected static string Write(string folder, string text)
    {
        var file = Path.Combine(folder, "proxy.conf");
        File.WriteAllText(file, text);
        return file;
    }

    private string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Concat(_otherFolders)
        .Select(folder => Path.Combine(folder, executable))
        .FirstOrDefault(File.Exists);
}
