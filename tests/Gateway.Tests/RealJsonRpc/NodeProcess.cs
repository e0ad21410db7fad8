using OrleansPool.Bench.Processes;
using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.RealJsonRpc;

/// <summary>Node.js with JSON-RPC libraries from npm.</summary>
internal static class NodeProcess
{
    private const string Node = "/usr/bin/node";

    /// <summary>Starts a script of the folder node; skips the test where Node.js or the libraries are missing.</summary>
    public static ScriptProcess Start(params string[] arguments)
    {
        // Not a copy beside the tests: npm puts libraries where their package.json is.
        var folder = Path.Combine(BuiltFiles.RootOfSelf()!, "tests/Gateway.Tests/RealJsonRpc/node");
        RequiredTool.Require(File.Exists(Node), "nodejs");
        RequiredTool.Require(Directory.Exists(Path.Combine(folder, "node_modules")), "npm", $"npm ci --prefix {folder}");
        return ScriptProcess.Start(Node, folder, arguments);
    }
}
