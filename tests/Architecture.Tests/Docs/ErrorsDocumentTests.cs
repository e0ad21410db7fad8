using System.Text.RegularExpressions;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Architecture.Tests.Docs;

/// <summary>docs/errors.md says of every failure what the product does.</summary>
public class ErrorsDocumentTests
{
    private static readonly MarkdownFile _document = new("docs/errors.md");

    public static TheoryData<FailureCode> Codes => [.. Enum.GetValues<FailureCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Code_HasARowWithItsFacts(FailureCode code)
    {
        var facts = FailureFacts.Of(code);
        var traits = facts.Traits == FailureTraits.None ? "" : facts.Traits.ToString();
        string[] expected = [Link(code), $"{(int)code}", $"{facts.Party}", $"{facts.Stage}", traits, $"{(int)facts.GrpcStatus} {WireName(facts.GrpcStatus)}", $"{facts.HttpStatus}"];
        var rows = _document.Rows.Where(row => row.Cells[0] == Link(code)).ToList();
        Assert.Equal(expected, Assert.Single(rows).Cells);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Code_HasASectionOfItsOwn(FailureCode code) => Assert.Single(_document.Headings, heading => heading == $"{code}");

    [Fact]
    public void Row_NamesACodeThatExists() =>
        Assert.All(_document.Rows.Where(row => row.Cells[0].StartsWith('[')), row => Assert.Contains(row.Cells[0], Enum.GetValues<FailureCode>().Select(Link)));

    [Theory]
    [MemberData(nameof(Codes))]
    public void Advice_NamesKeysThatExist(FailureCode code)
    {
        var known = Options.Known.Keys.ToList();
        foreach (var key in Regex.Matches(FailureFacts.Of(code).Advice, @"\b[A-Z]\w+:[A-Z]\w+", RegexOptions.NonBacktracking).Select(match => match.Value))
            Assert.Contains(known, path => path.EndsWith($":{key}", StringComparison.Ordinal) || path.StartsWith($"{key}:", StringComparison.Ordinal));
    }

    private static string Link(FailureCode code) => $"[{code}](#{code.ToString().ToLowerInvariant()})";

    private static string WireName(GrpcStatus status) => Regex.Replace($"{status}", "(?<!^)[A-Z]", "_$0", RegexOptions.None, TimeSpan.FromSeconds(5)).ToUpperInvariant();
}
