namespace OrleansPool.Architecture.Tests.Source;

/// <summary>Bounds on what one has to hold in the head at once.</summary>
public class SourceFileTests
{
    private const int MaxLines = 450;

    public static TheoryData<string> Products => [.. Repository.ProductFolders];

    [Theory]
    [MemberData(nameof(Products))]
    public void File_IsShortEnoughToRead(string folder)
    {
        var paths = Repository.Files(folder, ".cs").ToList();
        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.InRange(File.ReadLines(Repository.FullPath(path)).Count(), 1, MaxLines));
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void File_HasANameThatSaysWhatIsInIt(string folder)
    {
        string[] vague = ["Utils", "Utilities", "Helper", "Common", "Manager"];
        Assert.All(Repository.Files(folder, ".cs"), path => Assert.DoesNotContain(vague, word => path.Contains(word, StringComparison.OrdinalIgnoreCase)));
    }
}
