using System.Reflection;

namespace OrleansPool.Architecture.Tests;

/// <summary>The repository that these tests were built from. Paths are relative to its top, with '/'.</summary>
internal static class Repository
{
    /// <summary>Folders whose code is shipped.</summary>
    public static readonly string[] ProductFolders = ["Core", "Gateway", "Grains.Abstractions", "Wire", "Grains", "Silo", "Standalone", "Control", "Client"];

    public static string Root { get; } =
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(fact => fact.Key == "RepositoryRoot").Value!;

    public static string FullPath(string path) => Path.Combine(Root, path);

    public static string Read(string path) => File.ReadAllText(FullPath(path));

    /// <summary>All files of that extension below <paramref name="folder"/>, without what a build or a tool leaves there.</summary>
    public static IEnumerable<string> Files(string folder, string extension)
    {
        var here = new DirectoryInfo(FullPath(folder));
        foreach (var file in here.EnumerateFiles($"*{extension}")) yield return Path.GetRelativePath(Root, file.FullName).Replace('\\', '/');
        foreach (var below in here.EnumerateDirectories().Where(IsSource))
        {
            foreach (var file in Files(Path.GetRelativePath(Root, below.FullName), extension)) yield return file;
        }
    }

    private static bool IsSource(DirectoryInfo folder) => folder.Name[0] != '.' && folder.Name is not ("bin" or "obj" or "TestResults" or "BenchmarkDotNet.Artifacts" or "node_modules");
}
