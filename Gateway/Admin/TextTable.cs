using System.Text;

namespace OrleansPool.Gateway.Admin;

/// <summary>Rows as aligned text for a terminal. Columns whose title ends in a space stand left, the others right.</summary>
internal static class TextTable
{
    public static string Of(IReadOnlyList<string> titles, IEnumerable<IReadOnlyList<string>> rows)
    {
        var all = rows.ToList();
        var widths = titles.Select((title, column) => Math.Max(title.TrimEnd().Length, all.Select(row => row[column].Length).DefaultIfEmpty().Max())).ToList();
        var text = new StringBuilder();
        foreach (var row in all.Prepend([.. titles.Select(title => title.TrimEnd())]))
        {
            var cells = row.Select((cell, column) => titles[column].EndsWith(' ') ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }

        return all.Count == 0 ? text.Append("(none)\n").ToString() : text.ToString();
    }
}
