using System.Diagnostics;

namespace OrleansPool.Bench.Processes;

/// <summary>How a built .NET program is started.</summary>
public static class DotnetProgram
{
    /// <summary>This program.</summary>
    public static string Self => System.Reflection.Assembly.GetEntryAssembly()!.Location;

    /// <summary>Runs <paramref name="assembly"/> with the runtime that runs this one.</summary>
    public static ProcessStartInfo Start(string assembly, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Muxer(), [assembly, .. arguments]);

        // What the user set for a host of their own is not meant for the one that is measured.
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToArray()) start.Environment.Remove(name);
        return start;
    }

    private static bool IsSetting(string variable) =>
        variable.StartsWith("OrleansPool__", StringComparison.OrdinalIgnoreCase)
        || variable.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || variable.StartsWith("Logging__", StringComparison.OrdinalIgnoreCase);

    private static string Muxer() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet" ? Environment.ProcessPath! : "dotnet";
}
