using System.Collections.Concurrent;
using System.Diagnostics;

namespace OrleansPool.Bench.Processes;

/// <summary>
/// A process that the bench started and ends. Its last words are kept for the message that says why it did not come up.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 12;

    private readonly ConcurrentQueue<string> _lastWords = new();
    private readonly Process _process;
    private readonly TextWriter? _log;
    private readonly Task _listening;

    private ChildProcess(string name, Process process, bool answers, TextWriter? log)
    {
        (Name, _process, _log) = (name, process, log is null ? null : TextWriter.Synchronized(log));
        _listening = answers ? KeepAsync(process.StandardError) : Task.WhenAll(KeepAsync(process.StandardError), KeepAsync(process.StandardOutput));
    }

    /// <summary>What it is, for messages.</summary>
    public string Name { get; }

    /// <summary>True when it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Processor time that it has used so far, by the kernel's count (/proc/PID/stat, utime + stime).</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="name">What it is, for messages.</param>
    /// <param name="start">What to start; the streams are set here.</param>
    /// <param name="answers">True when its output is for <see cref="ReadLineAsync"/>; else it is kept as last words.</param>
    /// <param name="log">Gets all that it prints, save what it answers.</param>
    /// <exception cref="BenchFailedException">It cannot be started.</exception>
    public static ChildProcess Start(string name, ProcessStartInfo start, bool answers, TextWriter? log = null)
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        try
        {
            return new ChildProcess(name, Process.Start(start)!, answers, log);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            throw new BenchFailedException($"{name}: {start.FileName} cannot be started ({e.Message}); see that it is there and may be executed.");
        }
    }

    /// <summary>Writes a line to its input.</summary>
    public async Task WriteLineAsync(string line)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            throw await GoneAsync();
        }
    }

    /// <summary>The next line of its output.</summary>
    /// <exception cref="BenchFailedException">It ended, or says nothing within <paramref name="patience"/>.</exception>
    public async Task<string> ReadLineAsync(TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            // The read itself cannot be cancelled: it ends with the process.
            return await _process.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(patience, TimeProvider.System, cancellation)
                ?? throw await GoneAsync();
        }
        catch (TimeoutException)
        {
            throw Silent(patience);
        }
    }

    /// <summary>Completes when <paramref name="isReady"/> says so.</summary>
    /// <exception cref="BenchFailedException">It ended, or is not ready within <paramref name="patience"/>.</exception>
    public async Task AwaitReadyAsync(Func<Task<bool>> isReady, TimeSpan patience, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var glances = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while (!await isReady())
        {
            if (_process.HasExited) throw await GoneAsync();
            if (TimeProvider.System.GetElapsedTime(started) > patience) throw Silent(patience);
            await glances.WaitForNextTickAsync(cancellation);
        }
    }

    /// <summary>Sends it a signal by name: KILL, TERM, INT, STOP, CONT. One that has ended gets none.</summary>
    public async Task SignalAsync(string signal)
    {
        if (_process.HasExited) return;

        // The shell's own kill: not every machine has the program.
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits until it has ended, by itself or by a signal.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="BenchFailedException">It has not within <paramref name="patience"/>.</exception>
    public async Task<int> EndAsync(TimeSpan patience)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(patience, TimeProvider.System);
            return _process.ExitCode;
        }
        catch (TimeoutException)
        {
            throw Silent(patience);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _listening;
        _process.Dispose();
    }

    private async Task KeepAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            _log?.WriteLine(line);
            _lastWords.Enqueue(line);
            while (_lastWords.Count > KeptLines) _lastWords.TryDequeue(out _);
        }
    }

    private async Task<BenchFailedException> GoneAsync()
    {
        await _process.WaitForExitAsync();
        await _listening;
        return new BenchFailedException($"{Name} ended with exit code {_process.ExitCode}.{LastWords()}");
    }

    private BenchFailedException Silent(TimeSpan patience) =>
        new($"{Name} (pid {_process.Id}) did not answer within {patience.TotalSeconds:F0} s.{LastWords()}");

    private string LastWords()
    {
        if (_lastWords.IsEmpty) return " It printed nothing; run it by hand to see more.";
        var lines = _lastWords.Select(line => $"{Environment.NewLine}  {line}");
        return $" Mend what it says. Its last words:{string.Concat(lines)}";
    }
}
