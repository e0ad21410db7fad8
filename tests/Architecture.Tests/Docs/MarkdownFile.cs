using System.Text.RegularExpressions;

namespace OrleansPool.Architecture.Tests.Docs;

/// <summary>A document, as far as a test has use for its parts.</summary>
internal sealed class MarkdownFile
{
    private static readonly Regex _link = new(@"\[[^\]]*\]\((?<target>[^)\s]+)\)", RegexOptions.NonBacktracking);
    private static readonly Regex _code = new(@"`[^`]*`", RegexOptions.NonBacktracking);

    private readonly List<string> _prose = [];
    private readonly List<(string Language, string Text)> _blocks = [];
    private readonly List<string> _headings = [];
    private readonly List<Row> _rows = [];

    public MarkdownFile(string path)
    {
        Path = path;
        Parse(File.ReadAllLines(Repository.FullPath(path)));
    }

    /// <summary>Every document of the repository.</summary>
    public static IReadOnlyList<MarkdownFile> All { get; } = [.. Repository.Files("", ".md").Select(path => new MarkdownFile(path))];

    public string Path { get; }

    public IReadOnlyList<string> Headings => _headings;

    /// <summary>Rows of all tables, the heads left out.</summary>
    public IReadOnlyList<Row> Rows => _rows;

    /// <summary>Targets of all links, images included.</summary>
    public IEnumerable<string> Links => _prose.SelectMany(line => _link.Matches(_code.Replace(line, "code"))).Select(match => match.Groups["target"].Value);

    /// <summary>Names by which links find the headings, as GitHub makes them.</summary>
    public IEnumerable<string> Anchors => _headings.Select(heading => string.Concat(heading.ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-'));

    /// <summary>Fenced blocks in that language.</summary>
    public IEnumerable<string> Blocks(string language) => _blocks.Where(block => block.Language == language).Select(block => block.Text);

    private void Parse(string[] lines)
    {
        for (var at = 0; at < lines.Length; at++)
        {
            if (lines[at].StartsWith("```", StringComparison.Ordinal))
            {
                var end = Array.FindIndex(lines, at + 1, line => line.StartsWith("```", StringComparison.Ordinal));
                _blocks.Add((lines[at][3..].Trim(), string.Join('\n', lines[(at + 1)..end])));
                at = end;
            }
            else
            {
                Add(lines[at], isTableHead: at + 1 < lines.Length && lines[at + 1].StartsWith("|--", StringComparison.Ordinal));
            }
        }
    }

    private void Add(string line, bool isTableHead)
    {
        _prose.Add(line);
        if (line.StartsWith('#')) _headings.Add(line.TrimStart('#').Trim());
        if (line.StartsWith("| ", StringComparison.Ordinal) && !isTableHead) _rows.Add(new Row(_headings[^1], [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())]));
    }

    /// <summary>One row of a table, with the heading above the table.</summary>
    internal sealed record Row(string Heading, string[] Cells);
}
