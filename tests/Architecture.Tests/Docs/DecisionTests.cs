namespace OrleansPool.Architecture.Tests.Docs;

/// <summary>The decision records are short, numbered without gaps, and all in their index.</summary>
public class DecisionTests
{
    private const string Folder = "docs/decisions";

    private static readonly List<string> _records =
        [.. Repository.Files(Folder, ".md").Select(path => Path.GetFileName(path)).Where(name => name != "README.md").Order(StringComparer.Ordinal)];

    public static TheoryData<string> Records => [.. _records];

    [Fact]
    public void Index_HasEachRecordOnce() =>
        Assert.Equal(_records, new MarkdownFile($"{Folder}/README.md").Links.Where(link => !link.Contains('/', StringComparison.Ordinal)));

    [Fact]
    public void Numbers_HaveNoGap() => Assert.Equal(Enumerable.Range(1, _records.Count).Select(number => $"{number:0000}"), _records.Select(name => name[..4]));

    [Theory]
    [MemberData(nameof(Records))]
    public void Record_HasContextDecisionAndConsequences(string name)
    {
        Assert.Equal(["Context", "Decision", "Consequences"], new MarkdownFile($"{Folder}/{name}").Headings.Skip(1));
        Assert.InRange(File.ReadLines(Repository.FullPath($"{Folder}/{name}")).Count(), 8, 40);
    }
}
