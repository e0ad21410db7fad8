namespace OrleansPool.Architecture.Tests.Layering;

/// <summary>The arrows between the folders of Core, and from the other projects into them.</summary>
public class CoreArrowsTests
{
    private static readonly Dictionary<string, string[]> _arrows = new()
    {
        ["Core/Operations"] = ["Hosting", "Calls", "Pooling", "Budget", "Limits", "Model", "Diagnostics"],
        ["Core/Hosting"] = ["Calls", "Pooling", "Transports", "Budget", "Limits", "Model", "Diagnostics"],
        ["Core/Calls"] = ["Pooling", "Transports", "Limits", "Model", "Diagnostics"],
        ["Core/Pooling"] = ["Transports", "Limits", "Model", "Diagnostics"],
        ["Core/Transports"] = ["Model", "Diagnostics"],
        ["Core/Budget"] = ["Limits", "Model", "Diagnostics"],
        ["Core/Limits"] = ["Model", "Diagnostics"],
        ["Core/Model"] = [],
        ["Core/Diagnostics"] = [],

        // Grains and clients translate: pools, channels and limits are the engine's own. The admin page shows a pool's totals; a listening port cuts frames.
        ["Gateway"] = ["Operations", "Hosting", "Calls", "Pooling", "Transports", "Budget", "Limits", "Model", "Diagnostics"],
        ["Grains"] = ["Operations", "Hosting", "Calls", "Budget", "Limits", "Model", "Diagnostics"],
        ["Grains.Abstractions"] = [],
        ["Wire"] = ["Budget", "Limits"],
        ["Client"] = ["Hosting", "Calls", "Budget", "Model"],
        ["Silo"] = ["Hosting"],
        ["Standalone"] = ["Hosting"],
    };

    public static TheoryData<string> Folders => [.. _arrows.Keys];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Folder_RefersOnlyToWhereItsArrowsPoint(string folder)
    {
        var allowed = _arrows[folder].Append(Path.GetFileName(folder)).ToHashSet();
        foreach (var path in Repository.Files(folder, ".cs"))
        {
            var forbidden = SourceReferences.ToCoreFolders(path).Except(allowed).ToList();
            Assert.True(forbidden.Count == 0, $"{path} refers to Core/{string.Join(", Core/", forbidden)}; from {folder} arrows lead to: {string.Join(", ", _arrows[folder])}");
        }
    }

    [Fact]
    public void Folder_OfCore_HasArrows() =>
        Assert.Equal(SourceReferences.CoreFolders.Select(folder => $"Core/{folder}").Order(), _arrows.Keys.Where(key => key.StartsWith("Core/", StringComparison.Ordinal)).Order());

    [Fact]
    public void Arrows_OfCore_MakeNoCircle()
    {
        var left = _arrows.Where(arrows => arrows.Key.StartsWith("Core/", StringComparison.Ordinal)).ToDictionary(arrows => arrows.Key["Core/".Length..], arrows => arrows.Value);
        while (left.Count > 0)
        {
            var free = left.Keys.Where(folder => !left[folder].Any(left.ContainsKey)).ToList();
            Assert.True(free.Count > 0, $"There is a circle among {string.Join(", ", left.Keys)}");
            free.ForEach(folder => left.Remove(folder));
        }
    }

    [Theory]
    [InlineData("Core/Calls/CallPipeline.cs", "Calls, Limits, Model, Pooling, Transports")]
    [InlineData("Client/Hosting/OrleansPoolClientOptions.cs", "Hosting")]
    [InlineData("Core/Model/Verdict.cs", "Model")]
    public void References_OfAKnownFile_AreFound(string path, string folders) =>
        Assert.Equal(folders, string.Join(", ", SourceReferences.ToCoreFolders(path).Order(StringComparer.Ordinal)));

    [Fact]
    public void Grain_HoldsNoPolicy()
    {
        // A grain is an address: no choice and no waiting in it, so that one look tells that it is right and nothing runs on its scheduler.
        string[] words = ["if (", "switch", "await ", "lock (", "for (", "while (", "foreach ("];
        var grains = Repository.Files("Grains", ".cs").Where(path => Repository.Read(path).Contains(" : Grain,", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(grains);
        Assert.All(grains, path => Assert.DoesNotContain(words, word => Repository.Read(path).Contains(word, StringComparison.Ordinal)));
    }
}
