using System.Text.RegularExpressions;

namespace OrleansPool.Architecture.Tests.Docs;

/// <summary>What the documents tell a reader to type does what they say.</summary>
public class ExampleTests
{
    private static readonly Regex _verb = new(@"\./pool (?<verb>[a-z]+)", RegexOptions.NonBacktracking);
    private static readonly Regex _knownVerbs = new(@"\n    (?<verbs>[a-z |]+)\) ""verb_\$verb""", RegexOptions.NonBacktracking);

    public static TheoryData<string> Documents => [.. MarkdownFile.All.Select(document => document.Path)];

    [Fact]
    public void Readme_NamesTheTwoCommands()
    {
        var readme = Repository.Read("README.md");
        Assert.Contains("./pool up", readme, StringComparison.Ordinal);
        Assert.Contains("./pool test", readme, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Verb_OfThePoolScript_Exists(string path)
    {
        var known = _knownVerbs.Match(Repository.Read("pool")).Groups["verbs"].Value.Split('|', StringSplitOptions.TrimEntries).Append("help").ToList();
        Assert.Contains("up", known);
        Assert.All(_verb.Matches(Repository.Read(path)), match => Assert.Contains(match.Groups["verb"].Value, known));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Configuration_InADocument_IsAcceptedAtTheStart(string path) =>
        Assert.All(new MarkdownFile(path).Blocks("json"), json => Assert.Empty(StartOptions.MistakesIn(json)));

    [Fact]
    public void Code_InTheReadme_IsThatOfASample()
    {
        var samples = string.Concat(Repository.Files("samples", ".cs").Select(Repository.Read));
        var lines = new MarkdownFile("README.md").Blocks("csharp").SelectMany(block => block.Split('\n')).Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Contains(line, samples, StringComparison.Ordinal));
    }
}
