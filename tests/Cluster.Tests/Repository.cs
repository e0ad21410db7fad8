using System.Reflection;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Cluster.Tests;

/// <summary>Files of the repository that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>A file by its path from the top.</summary>
    public static string File(string path) => Path.Combine(Fact("RepositoryRoot"), path);

    /// <summary>The executable that was built with these tests from the project folder of that name.</summary>
    public static string Program(string project)
    {
        var path = File(Path.Combine(project, "bin", Fact("BuiltIn"), $"OrleansPool.{project}.dll"));
        Assert.True(System.IO.File.Exists(path), $"{path} was not built.");
        return path;
    }

    /// <summary>All that was built with these tests.</summary>
    public static BuiltFiles Built => new(Fact("RepositoryRoot"), Fact("BuiltIn").Split('/')[0]);

    private static string Fact(string name) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(fact => fact.Key == name).Value!;
}
