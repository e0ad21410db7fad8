namespace OrleansPool.Bench.LimitLab.Scenarios;

/// <summary>A file is no scenario.</summary>
internal sealed class ScenarioException(string source, IReadOnlyList<string> mistakes)
    : Exception($"{source} is no scenario; docs/lab.md has the schema:{string.Concat(mistakes.Select(mistake => $"\n  {mistake}"))}")
{
    public IReadOnlyList<string> Mistakes { get; } = mistakes;
}
