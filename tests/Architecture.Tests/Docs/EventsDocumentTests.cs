using System.Globalization;
using System.Text.RegularExpressions;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Architecture.Tests.Docs;

/// <summary>docs/events.md has every event as it is written: number, name, level and text.</summary>
public class EventsDocumentTests
{
    private static readonly Regex _definition = new(@"LoggerMessage\(EventIds\.(?<name>\w+),\s*LogLevel\.(?<level>\w+),\s*""(?<text>([^""\\]|\\.)*)""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private static readonly Dictionary<string, int> _ids = typeof(EventIds).GetFields().ToDictionary(field => field.Name, field => (int)field.GetRawConstantValue()!);

    private static readonly List<string[]> _rows = [.. new MarkdownFile("docs/events.md").Rows.Select(row => row.Cells)];

    [Fact]
    public void Events_AreAllThere_AndNoOther_AsTheyAreWritten()
    {
        var written = Repository.ProductFolders.SelectMany(folder => Repository.Files(folder, ".cs")).SelectMany(file => _definition.Matches(Repository.Read(file))).Select(Row).Distinct(StringComparer.Ordinal);
        Assert.Equal(written.Order(StringComparer.Ordinal), _rows.Select(cells => string.Join(" | ", cells[..4])).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Ids_AreUsed_EachByOneName()
    {
        Assert.Equal(_ids.Count, _ids.Values.Distinct().Count());
        Assert.Equal(_ids.Keys.Order(StringComparer.Ordinal), _rows.Select(cells => cells[1].Trim('`')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Log_IsWrittenByDefinitionsAlone()
    {
        // Else there is a line without a number, or one whose text is put together where nobody looks for it.
        var direct = new Regex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)?\((LogLevel|""|\$"")", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);
        Assert.DoesNotContain(Repository.ProductFolders.SelectMany(folder => Repository.Files(folder, ".cs")), file => direct.IsMatch(Repository.Read(file)));
    }

    [Fact]
    public void Event_SaysWhatItMeans_AndWhatToDo() => Assert.All(_rows, cells => Assert.True(cells[4].Length > 10 && cells[5].Length > 7, $"docs/events.md says too little of {cells[1]}"));

    private static string Row(Match definition)
    {
        var (name, text) = (definition.Groups["name"].Value, definition.Groups["text"].Value.Replace("\\n", " ", StringComparison.Ordinal));
        return $"{_ids[name].ToString(CultureInfo.InvariantCulture)} | `{name}` | {definition.Groups["level"].Value} | `{text}`";
    }
}
