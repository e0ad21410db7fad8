using System.Diagnostics;

namespace OrleansPool.Testing;

/// <summary>
/// Programs of others that some tests talk to. Where one is missing the test is skipped, and says what to install; with
/// <c>ORLEANSPOOL_REQUIRE_TOOLS=1</c>, as in CI, it fails.
/// </summary>
public static class RequiredTool
{
    private static readonly Lazy<bool> _python = new(() => Succeeds("/usr/bin/python3", "-c", "import grpc"));

    /// <summary>Debian's python3 with python3-grpcio.</summary>
    public static string PythonWithGrpc()
    {
        Require(_python.Value, "python3-grpcio");
        return "/usr/bin/python3";
    }

    /// <summary>Runs a program to its end and returns what it printed, error output included; its exit code must be 0.</summary>
    public static async Task<string> RunAsync(string program, string package, params string[] arguments)
    {
        var path = $"/usr/bin/{program}";
        Require(File.Exists(path), package);
        using var process = Process.Start(new ProcessStartInfo(path, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        try
        {
            var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()).InTime($"the end of {program}");
            await process.WaitForExitAsync().InTime($"the end of {program}");
            var text = string.Concat(output);
            Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {text}");
            return text;
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    /// <summary>Skips the test, or fails it, unless the package's programs are there.</summary>
    /// <param name="isThere">Whether they are.</param>
    /// <param name="package">Their package.</param>
    /// <param name="command">What to run once that is installed, where it takes more.</param>
    public static void Require(bool isThere, string package, string? command = null)
    {
        var text = $"{package} is not installed, or not all of it; apt-get install {package}{(command is null ? "" : $" && {command}")}";
        if (Environment.GetEnvironmentVariable("ORLEANSPOOL_REQUIRE_TOOLS") == "1") Assert.True(isThere, text);
        Skip.IfNot(isThere, text);
    }

    private static bool Succeeds(string program, params string[] arguments)
    {
        if (!File.Exists(program)) return false;
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true });
        process!.WaitForExit();
        return process.ExitCode == 0;
    }
}
