using OrleansPool.Bench.LimitLab.Upstream;

namespace OrleansPool.Bench.LimitLab.Scenarios;

/// <summary>Reads a scenario's upstream.</summary>
internal static class UpstreamReader
{
    private enum Discipline
    {
        Fifo,
        Sharing,
    }

    public static UpstreamPlan Read(JsonSection upstream)
    {
        var usual = new UpstreamPlan();
        var plan = new UpstreamPlan
        {
            Slots = upstream.Count("slots", usual.Slots, 1, 100_000),
            Hosts = upstream.Count("hosts", usual.Hosts, 1, 1000),
            IsSharing = upstream.Choice("discipline", Discipline.Fifo) == Discipline.Sharing,
            Queue = upstream.Number("queue", usual.Queue, 0, 1_000_000),
            NoticesCancel = upstream.Flag("noticesCancel"),
            Strain = upstream.Number("strain", 0, 0, 100),
            Methods = upstream.Has("methods") ? [.. upstream.Objects("methods").Select(Method)] : usual.Methods,
        };
        if (plan.Methods.Count == 0) upstream.Mistake("methods", "at least one is needed");
        foreach (var twice in plan.Methods.GroupBy(m => m.Name).Where(group => group.Count() > 1)) upstream.Mistake("methods", $"two are called {twice.Key}");
        if (plan.Hosts > plan.Slots) upstream.Mistake("hosts", $"{plan.Hosts} hosts cannot have {plan.Slots} slots");
        upstream.End();
        return plan with { Methods = plan.Methods.Count == 0 ? usual.Methods : plan.Methods };
    }

    private static Method Method(JsonSection method)
    {
        var service = new ServiceTime(
            method.Choice("shape", ServiceShape.Lognormal),
            method.Time("mean", TimeSpan.FromMilliseconds(50)),
            method.Number("sigma", 0.5, 0, 3));
        if (service.Mean <= TimeSpan.Zero) method.Mistake("mean", "it has to be longer than nothing");
        var read = new Method(method.Text("name") ?? "call", method.Number("share", 1, 0, 1_000_000), service, method.Flag("stream"));
        method.End();
        return read;
    }
}
