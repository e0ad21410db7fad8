using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace OrleansPool.Gateway.Tests.RealJsonRpc;

/// <summary>A program of the folder node, run by Debian's Node.js with packages from npm.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private const string Node = "/usr/bin/node";

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> _errors = new();

    private NodeProcess(Process process) => _process = process;

    /// <summary>Starts it; skips the test where Node.js or the packages are missing.</summary>
    public static NodeProcess Start(params string[] arguments)
    {
        // Not copied beside the tests: npm puts the packages where package.json is.
        var folder = Path.Combine(Repository(), "tests/Gateway.Tests/RealJsonRpc/node");
        RequiredTool.Require(File.Exists(Node), "nodejs");
        RequiredTool.Require(Directory.Exists(Path.Combine(folder, "node_modules")), "npm, and run: npm ci --prefix tests/Gateway.Tests/RealJsonRpc/node; that is: npm");
        var start = new ProcessStartInfo(Node, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var node = new NodeProcess(new Process { StartInfo = start });
        node.Run();
        return node;
    }

    /// <summary>All that it has printed so far and nobody has read.</summary>
    public IEnumerable<string> Lines()
    {
        while (_lines.Reader.TryRead(out var line)) yield return line;
    }

    /// <summary>The next line it prints.</summary>
    public async Task<string> ReadLineAsync(string expected)
    {
        try
        {
            return await _lines.Reader.ReadAsync().InTime(expected);
        }
        catch (ChannelClosedException e)
        {
            throw new InvalidOperationException($"It ended without {expected}: {string.Join('\n', _errors)}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync().InTime("the end of node");
        _process.Dispose();
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "OrleansPool.sln"))) folder = folder.Parent;
        return folder.FullName;
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
