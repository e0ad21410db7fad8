using System.Text.Json;

namespace OrleansPool.Gateway.Tests.Operations;

/// <summary>Reads YAML by Python's library; skips the test where that is missing.</summary>
internal static class Yaml
{
    private const string Package = "python3-yaml";
    private const string Script = "import json,sys,yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))";

    /// <summary>The documents of a file.</summary>
    public static async Task<IReadOnlyList<JsonElement>> ReadAsync(string path)
    {
        RequiredTool.Require(File.Exists("/usr/lib/python3/dist-packages/yaml/__init__.py"), Package);
        using var documents = JsonDocument.Parse(await RequiredTool.RunAsync("python3", Package, "-c", Script, path));
        return [.. documents.RootElement.Clone().EnumerateArray()];
    }
}
