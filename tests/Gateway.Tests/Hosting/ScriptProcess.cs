using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace OrleansPool.Gateway.Tests.Hosting;

/// <summary>A script in a process of its own: lines in, lines out. Ended with the test, whatever happened.</summary>
internal sealed class ScriptProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> _errors = new();

    private ScriptProcess(Process process) => _process = process;

    /// <summary>Everything it wrote to its error output, for the message of a test that fails.</summary>
    public string Errors => string.Join('\n', _errors);

    /// <summary>Starts it.</summary>
    /// <param name="program">What runs the script.</param>
    /// <param name="folder">Where it runs; null for here.</param>
    /// <param name="arguments">The script, and what it is told.</param>
    public static ScriptProcess Start(string program, string? folder, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        var started = new ScriptProcess(new Process { StartInfo = start });
        started.Run();
        return started;
    }

    /// <summary>The next line of its output.</summary>
    public async Task<string> ReadLineAsync(string expected)
    {
        try
        {
            return await _lines.Reader.ReadAsync().InTime(expected);
        }
        catch (ChannelClosedException)
        {
            Assert.Fail($"{expected}: the process ended instead.\n{Errors}");
            throw;
        }
    }

    /// <summary>All lines from here to the end of its output.</summary>
    public IAsyncEnumerable<string> ReadAllAsync() => _lines.Reader.ReadAllAsync();

    /// <summary>All lines that it has written so far and nobody has read.</summary>
    public IEnumerable<string> ReadSoFar()
    {
        while (_lines.Reader.TryRead(out var line)) yield return line;
    }

    /// <summary>Writes a line to its input.</summary>
    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Closes its input, which asks it to end, and waits for that.</summary>
    public async Task EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().InTime("the end of the process");
    }

    /// <summary>Ends it without a chance to say anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().InTime("the end of the killed process");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private void Run()
    {
        _process.OutputDataReceived += (_, output) =>
        {
            if (output.Data is null) _lines.Writer.TryComplete();
            else _lines.Writer.TryWrite(output.Data);
        };
        _process.ErrorDataReceived += (_, output) => _errors.Enqueue(output.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }
}
