namespace OrleansPool.Architecture.Tests.Docs;

/// <summary>docs/options.md, for the options that only a build with the cluster's packages can load: compared with their source.</summary>
public class ClusterOptionsDocumentTests
{
    public static TheoryData<string> Keys => [.. ClusterOptionsSource.All.Keys];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Option_IsDocumentedWithDefaultAndRange(string key)
    {
        Assert.True(DocumentedOptions.Rows.TryGetValue(key, out var row), $"docs/options.md has no row for {key}");
        var (value, range) = ClusterOptionsSource.All[key];
        if (value == "none") Assert.StartsWith(value, row.Default, StringComparison.Ordinal);
        else Assert.Equal(value, row.Default.Trim('`').Replace(",", "", StringComparison.Ordinal));
        Assert.Equal(range, row.Range is { } documented ? $"{documented.Least} to {documented.Most}".Replace(",", "", StringComparison.Ordinal) : null);
    }

    [Fact]
    public void Row_OfClusterOrClient_NamesAnOptionThatExists() =>
        Assert.Equal(ClusterOptionsSource.All.Keys.Order(), DocumentedOptions.Rows.Keys.Where(key => !Options.Known.ContainsKey(key)).Order());

    [Fact]
    public void Source_OfBoth_IsRead()
    {
        Assert.Equal("500 ms", ClusterOptionsSource.All[$"{ClusterOptionsSource.ClientSection}:BeatPeriod"].Default);
        Assert.Equal("1 to 65535", ClusterOptionsSource.All[$"{ClusterOptionsSource.ClusterSection}:SiloPort"].Range);
    }
}
