using OrleansPool.Bench.LimitLab.Scenarios;
using OrleansPool.Bench.LimitLab.Upstream;

namespace OrleansPool.Lab.Tests.Scenarios;

public class ScenarioReaderTests
{
    [Fact]
    public void Read_LeastThereCanBe_HasTheDefaults()
    {
        var scenario = ScenarioReader.Read("""{ "name": "x", "phases": [{ "for": "10s" }] }""", "x.json");
        Assert.Equal(100, scenario.Upstream.Slots);
        Assert.Equal(8, scenario.Holders.Count);
        Assert.Equal(TimeSpan.FromSeconds(10), scenario.Length(quick: true));
    }

    [Fact]
    public void Read_EveryKindOfValue_IsTaken()
    {
        var scenario = ScenarioReader.Read(
            """
            {
              "name": "x",
              "upstream": { "hosts": 2, "discipline": "sharing", "methods": [{ "name": "a", "mean": "1.5ms", "shape": "constant" }, { "name": "b", "share": 3 }] },
              "phases": [{ "repeat": 3, "repeatQuick": 1, "phases": [{ "for": "2s", "load": 3, "mix": { "b": 1 } }, { "for": "8s", "failing": 0.5, "failsAs": "pushBack", "fault": true }] }],
              "faults": [{ "kind": "freeze", "at": 0.5, "for": "1min", "holders": 0.25 }],
            }
            """,
            "x.json");
        Assert.True(scenario.Upstream.IsSharing);
        Assert.Equal(new ServiceTime(ServiceShape.Constant, TimeSpan.FromMilliseconds(1.5), 0.5), scenario.Upstream.Methods[0].Service);
        Assert.Equal((6, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10)), (scenario.Phases.Count, scenario.Length(quick: false), scenario.Length(quick: true)));
        Assert.Equal([0, 1], scenario.Phases[0].Mix!);
        Assert.Equal((Answer.PushBack, true), (scenario.Phases[1].FailsAs, scenario.Phases[1].IsFault));
        Assert.Equal(new Fault(FaultKind.Freeze, 0.5, TimeSpan.FromMinutes(1), TimeSpan.Zero, 0.25), Assert.Single(scenario.Faults));
    }

    [Theory]
    [InlineData("""{ "phases": [{ "for": "1s" }] }""", "name")]
    [InlineData("""{ "name": "x" }""", "phases")]
    [InlineData("""{ "name": "x", "phases": [{}] }""", "phases[0].for")]
    [InlineData("""{ "name": "x", "phases": [{ "for": "1s", "laod": 2 }] }""", "phases[0].laod")]
    [InlineData("""{ "name": "x", "phases": [{ "for": "1s", "load": -1 }] }""", "phases[0].load")]
    [InlineData("""{ "name": "x", "phases": [{ "for": "1s", "load": "much" }] }""", "phases[0].load")]
    [InlineData("""{ "name": "x", "phases": [{ "for": 5 }] }""", "phases[0].for")]
    [InlineData("""{ "name": "x", "phases": [{ "for": "1s", "onHosts": 2 }] }""", "phases[0].onHosts")]
    [InlineData("""{ "name": "x", "phases": [{ "for": "1s", "mix": { "other": 1 } }] }""", "phases[0].mix.other")]
    [InlineData("""{ "name": "x", "phases": [{ "for": "1s", "failsAs": "done" }] }""", "phases[0].failsAs")]
    [InlineData("""{ "name": "x", "phases": [{ "for": "1s" }], "upstream": { "slots": 0 } }""", "upstream.slots")]
    [InlineData("""{ "name": "x", "phases": [{ "for": "1s" }], "upstream": { "methods": [] } }""", "upstream.methods")]
    [InlineData("""{ "name": "x", "phases": [{ "for": "1s" }], "upstream": { "hosts": 101 } }""", "upstream.hosts")]
    [InlineData("""{ "name": "x", "phases": [{ "for": "1s" }], "upstream": { "discipline": "lifo" } }""", "upstream.discipline")]
    [InlineData("""{ "name": "x", "phases": [{ "for": "1s" }], "network": { "loss": 2 } }""", "network.loss")]
    [InlineData("""{ "name": "x", "phases": [{ "for": "1s" }], "faults": [{ "at": 0.1 }] }""", "faults[0].kind")]
    [InlineData("""{ "name": "x", "phases": [{ "for": "1s" }], "faults": {} }""", "faults")]
    [InlineData("""{ "name": "x", "phases": [{ "for": "1s" }], "measure": { "convergesFrom": 1 } }""", "measure.convergesFrom")]
    public void Read_OneMistake_IsToldByItsKey(string text, string key)
    {
        var mistakes = Assert.Throws<ScenarioException>(() => ScenarioReader.Read(text, "x.json")).Mistakes;
        Assert.Contains(mistakes, mistake => mistake.StartsWith($"{key}: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_SeveralMistakes_AreToldAtOnce()
    {
        var error = Assert.Throws<ScenarioException>(() => ScenarioReader.Read("""{ "nmae": "x", "phases": [{ "for": "1s", "load": -1 }], "holders": { "count": 0 } }""", "mine.json"));
        Assert.Equal(4, error.Mistakes.Count);
        Assert.Contains("mine.json", error.Message, StringComparison.Ordinal);
        Assert.Contains("docs/lab.md", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoJson_TellsTheLine()
    {
        var error = Assert.Throws<ScenarioException>(() => ScenarioReader.Read("{\n  \"name\": x\n}", "x.json"));
        Assert.StartsWith("line 2: ", Assert.Single(error.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ExampleOfTheDocument_IsAScenario()
    {
        var document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "lab.md"));
        var from = document.IndexOf("```json\n", StringComparison.Ordinal) + "```json\n".Length;
        var example = document[from..document.IndexOf("```", from, StringComparison.Ordinal)];
        Assert.Equal("mine", ScenarioReader.Read(example, "docs/lab.md").Name);
    }

    [Fact]
    public void Document_EveryScenario_IsInItsTable()
    {
        var document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "lab.md"));
        Assert.All(ScenarioLibrary.Names, name => Assert.Matches($@"(?m)^\| ([^|]*, )?{name}[ ,]", document));
    }

    [Fact]
    public void Library_AllScenarios_AreRead()
    {
        var scenarios = ScenarioLibrary.Names.Select(ScenarioLibrary.Load).ToList();
        Assert.Equal(ScenarioLibrary.Names, scenarios.Select(scenario => scenario.Name));
        Assert.All(Enumerable.Range(1, 14), number => Assert.Contains($"B{number}", ScenarioLibrary.Names));
    }
}
