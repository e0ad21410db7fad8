using System.Diagnostics;
using OrleansPool.Bench.Paths.Processes;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Bench.Paths.CallPaths;

/// <summary>
/// Through a proxy of somebody else, for comparison: one worker with one thread, HTTP/2 without TLS in front, the best that it has for gRPC behind.
/// </summary>
internal abstract class ProxyPath(string name, string package) : CallPath(name)
{
    // Some systems keep them where only root's PATH leads.
    private static readonly string[] _otherFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

    public override string? WhyLeftOut(BuiltFiles files) => Find() is null ? $"not installed; apt-get install {package}" : null;

    public override async Task<RunningPath> StartAsync(TestBed bed, CancellationToken cancellation)
    {
        var port = FreePort.Next();
        var folder = Directory.CreateDirectory(Path.Combine(bed.Folder, Name)).FullName;
        var program = Find() ?? throw new BenchFailedException($"{Name} was there a moment ago and is not any more; apt-get install {package}");
        var proxy = bed.Start(Name, new ProcessStartInfo(program, Arguments(folder, port, bed.UpstreamPort)));
        await proxy.AwaitReadyAsync(() => FreePort.IsTakenAsync(port), TestBed.Patience, cancellation);
        return new RunningPath(Name, await bed.StartLoadAsync(Name, port, cancellation), proxy);
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
        .Select(folder => Path.Combine(folder, Name))
        .FirstOrDefault(File.Exists);
}
