using OrleansPool.Core.Operations;
using OrleansPool.Gateway.Admin;

namespace OrleansPool.Gateway.Live;

/// <summary>Picks from one report after the other what has happened since the last one. Not thread-safe.</summary>
internal sealed class EventFeed
{
    // What whoever opens the page finds there.
    private const int Kept = 100;

    private readonly Dictionary<(string Host, DateTimeOffset Started), long> _seen = [];
    private readonly Dictionary<string, DateTimeOffset> _limits = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<FeedEvent> _kept = new();

    /// <summary>The last of them, the oldest first.</summary>
    public IReadOnlyCollection<FeedEvent> Latest => _kept;

    /// <summary>What is new in this report, the oldest first.</summary>
    public IReadOnlyList<FeedEvent> Take(ClusterReport report)
    {
        var added = report.Hosts.SelectMany(EventsOf).Concat(report.Hosts.SelectMany(ChangesOf)).OrderBy(each => each.At).ToList();
        foreach (var each in added) _kept.Enqueue(each);
        while (_kept.Count > Kept) _kept.Dequeue();
        return added;
    }

    private IEnumerable<FeedEvent> EventsOf(HostReport host)
    {
        var seen = _seen.GetValueOrDefault((host.Name, host.Started));
        if (host.Events.Count > 0) _seen[(host.Name, host.Started)] = host.Events[^1].Number;
        return host.Events.Where(each => each.Number > seen)
            .Select(each => new FeedEvent(each.At, host.Name, each.Name, each.Level.ToString().ToLowerInvariant(), each.Endpoint, each.Text, each.Times));
    }

    private List<FeedEvent> ChangesOf(HostReport host)
    {
        var added = new List<FeedEvent>();
        foreach (var budget in host.Budgets)
        {
            // Two readings of the same change differ by what a clock's reading takes.
            var seen = _limits.GetValueOrDefault(budget.Endpoint) + TimeSpan.FromMilliseconds(5);
            added.AddRange(budget.Changes.Where(change => host.Now - change.Ago > seen).Select(change => Told(host, budget.Endpoint, change)));
            if (budget.Changes.Count > 0) _limits[budget.Endpoint] = host.Now - budget.Changes[^1].Ago;
        }

        return added;
    }

    private static FeedEvent Told(HostReport host, string endpoint, LimitStep change) => new(
        host.Now - change.Ago, host.Name, "LimitChanged", "information", endpoint, $"{endpoint}: limit {change.From} → {change.To}: {LimitReasons.Sentence(change.Reason)}", 1);
}
