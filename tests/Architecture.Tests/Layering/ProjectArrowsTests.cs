using System.Text.Json;

namespace OrleansPool.Architecture.Tests.Layering;

/// <summary>The arrows between projects: those of docs/architecture.md, whichever package feed is at hand.</summary>
public class ProjectArrowsTests
{
    private static readonly Dictionary<string, string[]> _arrows = new()
    {
        ["Core"] = [],
        ["Gateway"] = ["Core"],
        ["Grains.Abstractions"] = [],
        ["Wire"] = ["Core", "Grains.Abstractions"],
        ["Grains"] = ["Core", "Grains.Abstractions", "Wire"],
        ["Client"] = ["Core", "Grains.Abstractions", "Wire"],
        ["Silo"] = ["Gateway", "Grains"],
        ["Standalone"] = ["Gateway"],
        ["Control"] = [],
    };

    public static TheoryData<string> Products => [.. Repository.ProductFolders];

    [Theory]
    [MemberData(nameof(Products))]
    public void Product_ReferencesExactlyWhatItsArrowsSay(string folder)
    {
        var project = Project.All.Single(project => project.Folder == folder);
        Assert.Equal(_arrows[folder].Order(), project.References.Select(path => Path.GetDirectoryName(path)!.Replace('\\', '/')).Order());
    }

    [Fact]
    public void Project_OutsideOfTheKnownFolders_DoesNotExist()
    {
        string[] others = ["tests/", "bench/", "samples/"];
        Assert.All(Project.All, project => Assert.True(
            _arrows.ContainsKey(project.Folder) || others.Any(folder => project.Folder.StartsWith(folder, StringComparison.Ordinal)),
            $"{project.Path} is in a folder that has no arrows"));
    }

    [Theory]
    [InlineData("Core", "Microsoft.AspNetCore")]
    [InlineData("Core", "Microsoft.Orleans")]
    [InlineData("Core", "Grpc.")]
    [InlineData("Gateway", "Microsoft.Orleans")]
    [InlineData("Gateway", "Grpc.")]
    [InlineData("Grains.Abstractions", "Microsoft.AspNetCore")]
    [InlineData("Wire", "Microsoft.AspNetCore")]
    [InlineData("Wire", "Microsoft.Orleans.Server")]
    [InlineData("Grains", "Microsoft.AspNetCore")]
    [InlineData("Client", "Microsoft.AspNetCore")]
    [InlineData("Client", "Microsoft.Orleans.Server")]
    [InlineData("Standalone", "Microsoft.Orleans")]
    public void Product_StandsOn_NoPackageOf(string folder, string prefix)
    {
        var project = Project.All.Single(project => project.Folder == folder);
        Assert.DoesNotContain(project.WithAllReferences().SelectMany(each => each.Packages), package => package.StartsWith(prefix, StringComparison.Ordinal));
    }

    [Fact]
    public void StandaloneBuild_NeedsNeitherClusterNorGrpcPackages()
    {
        using var filter = JsonDocument.Parse(Repository.Read("OrleansPool.Standalone.slnf"));
        var paths = filter.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray().Select(path => path.GetString()!).ToList();
        var closure = Project.All.Where(project => paths.Contains(project.Path)).SelectMany(project => project.WithAllReferences()).Distinct().ToList();
        Assert.Equal(paths.Order(), closure.Select(project => project.Path).Order());
        Assert.DoesNotContain(closure.SelectMany(project => project.Packages), package => package.StartsWith("Microsoft.Orleans", StringComparison.Ordinal) || package.StartsWith("Grpc.", StringComparison.Ordinal));
    }

    [Fact]
    public void Internals_AreOpen_ToTestsAndBenchesOnly()
    {
        foreach (var friend in Project.All.Where(project => _arrows.ContainsKey(project.Folder)).SelectMany(project => project.FriendAssemblies))
            Assert.True(friend.EndsWith(".Tests", StringComparison.Ordinal) || friend.StartsWith("OrleansPool.Bench.", StringComparison.Ordinal), $"{friend} sees internals");
    }
}
