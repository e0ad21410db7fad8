using System.Text.RegularExpressions;

namespace OrleansPool.Architecture.Tests.Docs;

/// <summary>What a document points to is there.</summary>
public class LinkTests
{
    private static readonly Regex _documentInSource = new(@"docs/[\w/.-]+\.md", RegexOptions.NonBacktracking);

    public static TheoryData<string> Documents => [.. MarkdownFile.All.Select(document => document.Path)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Link_LeadsSomewhere(string path)
    {
        foreach (var link in new MarkdownFile(path).Links.Where(link => !link.Contains("://", StringComparison.Ordinal)))
        {
            var (file, anchor) = link.Split('#') is [var before, var after] ? (before, after) : (link, null);
            var target = file.Length == 0 ? path : Path.GetRelativePath(Repository.Root, Path.GetFullPath(file, Path.GetDirectoryName(Repository.FullPath(path))!)).Replace('\\', '/');
            Assert.True(Path.Exists(Repository.FullPath(target)), $"{path} links to {link}, which is not there");
            if (anchor is not null) Assert.Contains(anchor, new MarkdownFile(target).Anchors);
        }
    }

    [Fact]
    public void Document_NamedInSource_Exists()
    {
        var named = Repository.ProductFolders.SelectMany(folder => Repository.Files(folder, ".cs")).SelectMany(path => _documentInSource.Matches(Repository.Read(path))).Select(match => match.Value);
        Assert.All(named.Distinct(), path => Assert.True(File.Exists(Repository.FullPath(path)), $"{path} is named in the source, but is not there"));
    }
}
