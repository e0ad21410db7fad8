using System.Text.RegularExpressions;

namespace OrleansPool.Architecture.Tests.Docs;

/// <summary>The tables of docs/options.md: the heading above a table has the keys' common beginning, each row a key.</summary>
internal static class DocumentedOptions
{
    private static readonly Regex _range = new("^(?<least>.+) to (?<most>[^,]+|[0-9,]+)(?<zero>, or 0)?$", RegexOptions.NonBacktracking);

    /// <summary>All rows by key path.</summary>
    public static IReadOnlyDictionary<string, Row> Rows { get; } =
        new MarkdownFile("docs/options.md").Rows.Where(row => row.Heading.StartsWith('`')).Select(row => new Row(row.Heading, row.Cells)).ToDictionary(row => row.Path);

    internal sealed class Row(string heading, string[] cells)
    {
        public string Path { get; } = $"{heading.Trim('`')}:{cells[0].Trim('`')}";

        public string Unit { get; } = cells[1];

        public string Default { get; } = cells[2];

        /// <summary>Least and most as written, and whether zero is allowed beside them; null for an option without a range.</summary>
        public (string Least, string Most, bool OrZero)? Range { get; } =
            _range.Match(cells[3]) is { Success: true } match ? (match.Groups["least"].Value, match.Groups["most"].Value, match.Groups["zero"].Success) : null;

        public string Meaning { get; } = cells[4];
    }
}
