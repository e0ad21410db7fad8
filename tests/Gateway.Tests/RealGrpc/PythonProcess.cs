using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.RealGrpc;

/// <summary>Debian's Python with grpcio.</summary>
internal static class PythonProcess
{
    /// <summary>Starts a script that lies beside the tests; skips the test where Python or grpcio is missing.</summary>
    public static ScriptProcess Start(string script, params string[] arguments) =>
        ScriptProcess.Start(RequiredTool.PythonWithGrpc(), null, ["-u", Path.Combine(AppContext.BaseDirectory, "RealGrpc", "python", script), .. arguments]);
}
