using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace OrleansPool.Gateway.Tests.Standalone;

/// <summary>The built program in a process of its own, configured by its environment. Ended with the test, whatever happened.</summary>
internal sealed partial class StandaloneProcess : IAsyncDisposable
{
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private StandaloneProcess(Process process) => _process = process;

    /// <summary>What it logged so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>What it wrote to its error output so far.</summary>
    public string Errors => string.Join('\n', _errors);

    /// <summary>The most memory that it has had at any time.</summary>
    public long PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>Starts it; keys begin below <c>OrleansPool:</c>. Listens on a free port of this machine if nothing else is said.</summary>
    public static StandaloneProcess Start(params (string Key, string Value)[] settings) => Start(heapLimit: null, settings);

    /// <summary>The same, with so many bytes of managed memory and no more.</summary>
    public static StandaloneProcess Start(long? heapLimit, params (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "OrleansPool.Standalone.dll")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OrleansPool__Gateway__Listen"] = "127.0.0.1:0";
        foreach (var (key, value) in settings) start.Environment[$"OrleansPool__{key.Replace(":", "__", StringComparison.Ordinal)}"] = value;
        if (heapLimit is { } bytes) start.Environment["DOTNET_GCHeapHardLimit"] = $"{bytes:x}";
        var started = new StandaloneProcess(new Process { StartInfo = start });
        started.Run();
        return started;
    }

    /// <summary>Where it says that it listens.</summary>
    public async Task<Uri> ListeningAsync()
    {
        await Eventually.HoldsAsync(() => Listening().IsMatch(Output) || _process.HasExited, "the process to listen");
        Assert.False(_process.HasExited, Errors);
        return new Uri(Listening().Match(Output).Groups["address"].Value);
    }

    /// <summary>Asks it to stop, as a service manager does.</summary>
    public void Terminate() => Assert.Equal(0, Kill(_process.Id, SigTerm));

    /// <summary>Its exit code, when it has ended and all its output is here.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().InTime("the end of the process");
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await ExitAsync();
        _process.Dispose();
    }

    private void Run()
    {
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    [GeneratedRegex(@"Now listening on: (?<address>\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
