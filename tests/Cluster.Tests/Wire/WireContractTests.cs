namespace OrleansPool.Cluster.Tests.Wire;

/// <summary>The wire contract changes on purpose or not at all.</summary>
public sealed class WireContractTests
{
    private const string UpdateSwitch = "ORLEANSPOOL_UPDATE_CONTRACT";

    private static readonly string _path = Repository.File("Grains.Abstractions/WireContract.txt");

    [Fact]
    public async Task Contract_AsBuilt_IsTheOneCheckedIn()
    {
        var built = WireContract.Render();
        if (Environment.GetEnvironmentVariable(UpdateSwitch) == "1") await File.WriteAllTextAsync(_path, built);
        var checkedIn = (await File.ReadAllTextAsync(_path)).ReplaceLineEndings("\n");

        Assert.True(built == checkedIn, $"""
            The wire contract changed:
            {string.Join('\n', Difference(checkedIn.Split('\n'), built.Split('\n')))}
            Can silos and clients of the last version still talk to this one? Then run the test with {UpdateSwitch}=1, which rewrites {_path}, and commit that.
            """);
    }

    [Fact]
    public void WireTypes_All_HaveNamesAndNumbersOfTheirOwn() => Assert.Empty(WireContract.Unnamed());

    [Fact]
    public void WireType_WithoutNameAndNumber_IsFound() =>
        Assert.Equal(["NamelessMessage has no [Alias]", "NamelessMessage.Second has no [Id]"], WireContract.Unnamed(typeof(NamelessMessage)));

    [Fact]
    public void Grain_WithoutNames_IsFound() =>
        Assert.Equal(["INamelessGrain has no [Alias]", "INamelessGrain.Second has no [Alias]"], WireContract.Unnamed(typeof(INamelessGrain)));

    private static IEnumerable<string> Difference(string[] checkedIn, string[] built) =>
        [.. checkedIn.Except(built).Select(line => $"- {line}"), .. built.Except(checkedIn).Select(line => $"+ {line}")];

    private sealed class NamelessMessage
    {
        [Id(0)]
        public int First { get; set; }

        public int Second { get; set; }
    }

    private interface INamelessGrain
    {
        [Alias("first")]
        Task First();

        Task Second();
    }
}
