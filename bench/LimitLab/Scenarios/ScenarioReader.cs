using System.Text.Json;

namespace OrleansPool.Bench.LimitLab.Scenarios;

/// <summary>Makes a scenario of a file; docs/lab.md has the schema. All mistakes are told at once.</summary>
internal static class ScenarioReader
{
    private static readonly JsonDocumentOptions _lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <exception cref="ScenarioException">The text is no scenario; the message has every mistake with its key.</exception>
    public static Scenario Read(string text, string source)
    {
        var mistakes = new List<string>();
        try
        {
            using var document = JsonDocument.Parse(text, _lenient);
            var scenario = Read(new JsonSection(document.RootElement, "", mistakes), mistakes);
            if (document.RootElement.ValueKind != JsonValueKind.Object) mistakes.Add("an object is expected");
            return mistakes.Count == 0 ? scenario : throw new ScenarioException(source, mistakes);
        }
        catch (JsonException e)
        {
            throw new ScenarioException(source, [$"line {e.LineNumber + 1}: this is no JSON: {e.Message}"]);
        }
    }

    private static Scenario Read(JsonSection file, List<string> mistakes)
    {
        var upstream = UpstreamReader.Read(file.Object("upstream"));
        var scenario = new Scenario
        {
            Name = file.Text("name") ?? "",
            Title = file.Text("title") ?? "",
            Upstream = upstream,
            Holders = ReadHolders(file.Object("holders")),
            Network = ReadNetwork(file.Object("network")),
            Phases = [.. file.Objects("phases").SelectMany(phase => PhaseReader.Read(phase, upstream))],
            Faults = [.. file.Objects("faults").Select(ReadFault)],
            Measure = ReadMeasure(file.Object("measure")),
        };
        file.End();
        if (scenario.Name.Length == 0) mistakes.Add("name: a text is expected, for --scenario and the report");
        if (scenario.Phases.Count == 0) mistakes.Add("phases: at least one is needed");
        if (scenario.Measure.ConvergesFrom >= scenario.Phases.Count) mistakes.Add($"measure.convergesFrom: there is no phase {scenario.Measure.ConvergesFrom}; they count from 0");
        return scenario;
    }

    private static HoldersPlan ReadHolders(JsonSection holders)
    {
        var usual = new HoldersPlan();
        var plan = new HoldersPlan
        {
            Count = holders.Count("count", usual.Count, 1, 1000),
            Deadline = holders.Time("deadline", usual.Deadline),
            Queue = holders.Count("queue", usual.Queue, 0, 1_000_000),
            Initial = holders.Count("initial", usual.Initial, 1, 1_000_000),
            Floor = holders.Count("floor", usual.Floor, 1, 1_000_000),
            Ceiling = holders.Number("ceiling", usual.Ceiling, 0.01, 1000),
            Cap = holders.Number("cap", usual.Cap, 0.01, 1000),
            CallsPerChannel = holders.Count("callsPerChannel", usual.CallsPerChannel, 1, 1000),
            Connect = holders.Time("connect", usual.Connect),
        };
        if (plan.Deadline <= TimeSpan.Zero) holders.Mistake("deadline", "it has to be longer than nothing");
        holders.End();
        return plan;
    }

    private static NetworkPlan ReadNetwork(JsonSection network)
    {
        var usual = new NetworkPlan();
        var plan = new NetworkPlan
        {
            Delay = network.Time("delay", usual.Delay),
            Jitter = network.Time("jitter", usual.Jitter),
            Loss = network.Number("loss", 0, 0, 1),
            DeathSeenAfter = network.Time("deathSeenAfter", usual.DeathSeenAfter),
            Hop = network.Time("hop", usual.Hop),
        };
        network.End();
        return plan;
    }

    private static Fault ReadFault(JsonSection fault)
    {
        if (!fault.Has("kind")) fault.Mistake("kind", "it is missing");
        var read = new Fault(
            fault.Choice("kind", FaultKind.Crash),
            fault.Number("at", 0.5, 0, 1),
            fault.Time("for", TimeSpan.FromSeconds(10)),
            fault.Time("every", TimeSpan.Zero),
            fault.Number("holders", 0, 0, 1));
        fault.End();
        return read;
    }

    private static MeasurePlan ReadMeasure(JsonSection measure)
    {
        var usual = new MeasurePlan();
        var plan = new MeasurePlan
        {
            WarmUp = measure.Time("warmUp", usual.WarmUp),
            IsSettled = measure.Flag("settled"),
            Grace = measure.Time("grace", usual.Grace),
            ConvergesFrom = measure.Count("convergesFrom", -1, 0, 1000),
        };
        measure.End();
        return plan;
    }
}
