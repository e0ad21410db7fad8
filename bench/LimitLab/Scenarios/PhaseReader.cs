using OrleansPool.Bench.LimitLab.Upstream;

namespace OrleansPool.Bench.LimitLab.Scenarios;

/// <summary>Reads a scenario's phases; one with "repeat" has phases of its own.</summary>
internal static class PhaseReader
{
    public static IEnumerable<Phase> Read(JsonSection phase, UpstreamPlan upstream)
    {
        if (!phase.Has("phases")) return [One(phase, upstream)];
        var (full, quick) = (phase.Count("repeat", 1, 1, 1000), phase.Count("repeatQuick", 0, 0, 1000));
        var inner = phase.Objects("phases").SelectMany(one => Read(one, upstream)).ToList();
        phase.End();

        // Rounds that a quick run leaves out last no time there.
        return Enumerable.Range(0, full).SelectMany(round => quick > 0 && round >= quick ? inner.Select(one => one with { Quick = TimeSpan.Zero }) : inner);
    }

    private static Phase One(JsonSection phase, UpstreamPlan upstream)
    {
        var length = phase.Time("for", TimeSpan.Zero);
        var read = new Phase
        {
            For = length,
            Quick = phase.Time("quick", length),
            Load = phase.Number("load", 1, 0, 1000),
            Slots = phase.Number("slots", 1, 0.001, 1000),
            Service = phase.Number("service", 1, 0.001, 1000),
            Mix = Mix(phase, upstream),
            Failing = phase.Number("failing", 0, 0, 1),
            FailsAs = phase.Choice("failsAs", Answer.Failure),
            Hang = phase.Time("hang", TimeSpan.Zero),
            OnHosts = phase.Count("onHosts", 0, 0, 1000),
            PushBackAbove = phase.Number("pushBackAbove", 0, 0, 1000),
            Competitor = phase.Number("competitor", 0, 0, 1000),
            Skew = phase.Number("skew", 0, 0, 1),
            SkewMoves = phase.Time("skewMoves", TimeSpan.Zero),
            Holders = phase.Number("holders", 1, 0.001, 1000),
            IsFault = phase.Flag("fault"),
        };
        if (read.For <= TimeSpan.Zero) phase.Mistake("for", "a phase has to last longer than nothing");
        if (read.OnHosts > upstream.Hosts) phase.Mistake("onHosts", $"the upstream has {upstream.Hosts}");
        if (read.FailsAs == Answer.Done) phase.Mistake("failsAs", "failure or pushBack is expected");
        phase.End();
        return read;
    }

    private static double[]? Mix(JsonSection phase, UpstreamPlan upstream)
    {
        if (!phase.Has("mix")) return null;
        var section = phase.Object("mix");
        var mix = upstream.Methods.Select(method => section.Number(method.Name, 0, 0, 1_000_000)).ToArray();
        section.End();
        if (mix.Sum() <= 0) phase.Mistake("mix", $"at least one of {string.Join(", ", upstream.Methods.Select(m => m.Name))} needs a share");
        return mix;
    }
}
