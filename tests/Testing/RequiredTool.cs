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

    private static void Require(bool isThere, string package)
    {
        var text = $"{package} is not installed; apt-get install {package}";
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
