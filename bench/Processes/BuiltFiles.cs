namespace OrleansPool.Bench.Processes;

/// <summary>Where the programs that are measured were built: in a checkout, each in its project's own output folder.</summary>
/// <param name="Root">The checkout.</param>
/// <param name="Configuration">Debug or Release.</param>
public sealed record BuiltFiles(string Root, string Configuration)
{
    private const string Marker = "OrleansPool.sln";

    public string Standalone => Output("Standalone", "OrleansPool.Standalone.dll");

    public string Silo => Output("Silo", "OrleansPool.Silo.dll");

    public string RoutedLoad => Output(Path.Combine("bench", "Routed"), "OrleansPool.Bench.Routed.dll");

    /// <summary>The checkout that this program was built in, or null when it was copied elsewhere.</summary>
    public static string? RootOfSelf()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Marker))) return folder.FullName;
        }

        return null;
    }

    /// <summary>The programs of a checkout, in the configuration that this program was built in.</summary>
    public static BuiltFiles In(string root)
    {
        var isDebug = DotnetProgram.Self.Contains($"{Path.DirectorySeparatorChar}Debug{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
        return new BuiltFiles(root, isDebug ? "Debug" : "Release");
    }

    private string Output(string project, string assembly) => Path.Combine(Root, project, "bin", Configuration, "net10.0", assembly);
}
