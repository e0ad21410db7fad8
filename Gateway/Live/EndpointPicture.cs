using OrleansPool.Core.Operations;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Pooling.Health;
using OrleansPool.Gateway.Admin;

namespace OrleansPool.Gateway.Live;

/// <summary>One endpoint at one moment, as its page shows it.</summary>
internal sealed record EndpointPicture
{
    /// <summary>Who holds a share. A host also says what it does with it.</summary>
    internal sealed record Holder(string Name, bool IsClient, bool IsDead, int Permits, int InFlight, int Waiting, double Calls, int Connections, double SecondsLeft);

    /// <summary>An address, as the host sees it that thinks worst of it; connections and calls are those of all hosts.</summary>
    internal sealed record Address(string Name, string State, string Why, double OutForSeconds, int OutAt, int Hosts, double Weight, int Connections, int InFlight);

    /// <summary>One way in which calls went wrong, over all hosts.</summary>
    internal sealed record Error(string Stage, string Party, string Name, long Count, double LastAgoSeconds, string Detail);

    /// <summary>A change of the limit.</summary>
    internal sealed record Change(double AgoSeconds, int From, int To, string Reason, string Why, double? Qps);

    public required string Name { get; init; }

    public required double BaselineMs { get; init; }

    public required IReadOnlyList<Holder> Holders { get; init; }

    public required IReadOnlyList<Address> Addresses { get; init; }

    public required IReadOnlyList<Error> Errors { get; init; }

    public required IReadOnlyList<Change> Changes { get; init; }

    public required IReadOnlyList<CallerSnapshot> Callers { get; init; }

    public required IReadOnlyList<HeldLease> Leaks { get; init; }

    public static EndpointPicture Of(string name, ClusterReport report)
    {
        var hosts = report.Hosts.SelectMany(host => host.Endpoints.Select(endpoint => (Host: host.Name, Endpoint: endpoint))).ToList();
        var budget = report.Hosts.SelectMany(host => host.Budgets).MinBy(each => each.Mode);
        return new EndpointPicture
        {
            Name = name,
            BaselineMs = Math.Round(budget?.Baseline.TotalMilliseconds ?? 0, 2),
            Holders = HoldersOf(hosts, budget),
            Addresses = [.. hosts.SelectMany(host => host.Endpoint.Addresses).GroupBy(address => address.Address, StringComparer.Ordinal).Select(AddressOf)],
            Errors = [.. hosts.SelectMany(host => host.Endpoint.Errors).GroupBy(error => (error.Stage, error.Party, error.Name)).OrderBy(kind => kind.Key.Stage).Select(each => ErrorOf([.. each]))],
            Changes = [.. (budget?.Changes ?? []).Select(ChangeOf)],
            Callers = CallersOf(hosts.SelectMany(host => host.Endpoint.Callers)),
            Leaks = [.. hosts.SelectMany(host => host.Endpoint.Leaks).OrderByDescending(lease => lease.HeldFor).Take(20)],
        };
    }

    // What a host says of itself is newer than what it told its budget.
    private static List<Holder> HoldersOf(List<(string Host, EndpointReport Endpoint)> hosts, BudgetReport? budget)
    {
        var told = (budget?.Holders ?? []).ToDictionary(holder => holder.Holder, StringComparer.Ordinal);
        var own = hosts.Select(host => new Holder(
            host.Host, IsClient: false, IsDead: false, host.Endpoint.Permits, host.Endpoint.InFlight, host.Endpoint.Waiting, host.Endpoint.CallsPerSecond,
            host.Endpoint.Idle + host.Endpoint.Busy + host.Endpoint.Connecting + host.Endpoint.Draining, Seconds(told.GetValueOrDefault(host.Host)?.TimeLeft ?? TimeSpan.Zero)));
        var others = told.Values.Where(holder => !hosts.Exists(host => string.Equals(host.Host, holder.Holder, StringComparison.Ordinal))).Select(holder => new Holder(
            holder.Holder, holder.IsClient, holder.IsDead, holder.Permits, holder.InFlight, holder.Waiting, Math.Round(holder.Rate, 1), holder.Connections, Seconds(holder.TimeLeft)));
        return [.. own.Concat(others).OrderBy(holder => holder.IsClient).ThenBy(holder => holder.Name, StringComparer.Ordinal)];
    }

    private static Address AddressOf(IGrouping<string, AddressSnapshot> seen)
    {
        var worst = seen.MaxBy(address => (IsOut(address), address.EjectedFor))!;
        var state = worst.Phase != AddressPhase.Well ? worst.Phase.ToString().ToLowerInvariant() : worst.IsConnectable ? "well" : "unreachable";
        var why = state is "unreachable" && worst.Why.Length == 0 ? "attempts to connect failed; the next one is left for later" : worst.Why;
        return new Address(
            seen.Key, state, why, Seconds(worst.EjectedFor), seen.Count(IsOut), seen.Count(), Math.Round(seen.Average(address => address.Weight), 2), seen.Sum(address => address.Connections), seen.Sum(address => address.InFlight));
    }

    private static bool IsOut(AddressSnapshot address) => address is not { Phase: AddressPhase.Well, IsConnectable: true };

    private static Error ErrorOf(List<Core.Calls.Recent.RecentError> seen)
    {
        var last = seen.MinBy(error => error.LastAgo)!;
        return new Error(last.Stage.ToString().ToLowerInvariant(), last.Party.ToString().ToLowerInvariant(), last.Name, seen.Sum(error => error.Count), Seconds(last.LastAgo), last.Detail);
    }

    private static Change ChangeOf(LimitStep step) => new(Seconds(step.Ago), step.From, step.To, step.Reason.ToString(), LimitReasons.Sentence(step.Reason), step.Qps is { } qps ? Math.Round(qps, 1) : null);

    private static List<CallerSnapshot> CallersOf(IEnumerable<CallerSnapshot> callers) =>
        [.. callers.GroupBy(caller => caller.Caller, StringComparer.Ordinal).Select(each => new CallerSnapshot(each.Key, each.Sum(caller => caller.InFlight), each.Sum(caller => caller.Waiting)))
            .OrderByDescending(caller => caller.InFlight + caller.Waiting).ThenBy(caller => caller.Caller, StringComparer.Ordinal).Take(20)];

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 1);
}
