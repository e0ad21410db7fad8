using System.Text;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Gateway.Admin;

/// <summary>A budget for a terminal: the first line says why the limit is what it is, the rest the numbers behind it.</summary>
internal static class BudgetText
{
    public static string Of(BudgetView view)
    {
        var text = new StringBuilder();
        text.Append($"{view.Endpoint}: {Limit(view)}\n");
        text.Append($"{Mode(view)}, epoch {view.Epoch}; connections {view.ConnectionsTaken} of the cap of {view.Cap}; overcommit {view.Overcommit:F2}\n");
        text.Append($"{Seen(view.LastEpoch)}; without queueing {Milliseconds(view.Baseline)} ms\n");
        if (BudgetWarnings.Minimums(view) is { } warning) text.Append($"WARNING: {warning}\n");
        text.Append('\n');
        text.Append($"{"holder",-28}{"permits",8}{"in flight",10}{"waiting",8}{"calls/s",9}{"connections",12}{"floor",6}{"ends in",9}{"epoch",7}\n");
        foreach (var holder in view.Holders) text.Append(Line(holder));
        if (view.Holders.Count > 1) text.Append(Sum(view.Holders));
        text.Append($"\n{"changed",9}{"from",7}{"to",7}{"QPS",9}{"in flight",10}{"used up",9}{"drops",7}{"p50 ms",8}{"baseline",9}  reason\n");
        foreach (var change in view.Changes.Reverse()) text.Append(Line(change, view.Now));
        return text.ToString();
    }

    private static string Limit(BudgetView view) => view switch
    {
        { LimitMode: LimitMode.Off } => $"no limit (off): calls go through up to the {view.Limit} that the cap's connections carry",
        { ObservedLimit: { } observed } => $"the limit would be {observed} (observe): {LimitReasons.Sentence(view.Reason)}. Calls go through up to the {view.Limit} that the cap's connections carry",
        _ => $"the limit is {view.Limit} (enforce): {LimitReasons.Sentence(view.Reason)}",
    };

    private static string Mode(BudgetView view) => view.Mode switch
    {
        BudgetMode.Learning => $"learning for {view.LearningLeft.TotalSeconds:F0} s more: holders keep what they have",
        BudgetMode.Safe => "safe: the store cannot be reached, holders live on their shares",
        _ => "normal",
    };

    private static string Seen(EpochSample? epoch) => epoch is null
        ? "nothing was seen yet"
        : $"QPS {epoch.GoodRate:F0}, in flight {epoch.InFlight:F1}, waiting {epoch.Waiting:F1}, used up {epoch.BoundShare:P0} of the time; response time {Times(epoch)}; "
            + $"{epoch.Timeouts} timeouts, {epoch.PushBacks} push-backs, {epoch.Failures} failures in {epoch.Span.TotalSeconds:F1} s";

    private static string Times(EpochSample epoch) =>
        ResponseTimes.Of(epoch) is { } times ? $"p50 {times.P50:F1}, p90 {times.P90:F1}, p99 {times.P99:F1} ms" : "unknown";

    private static string Line(HolderView holder) =>
        $"{holder.Holder,-28}{holder.Permits,8}{holder.InFlight,10}{holder.Waiting,8}{holder.Rate,9:F0}{holder.Connections,12}{holder.Floor,6}"
        + $"{(holder.IsDead ? "gone" : $"{holder.TimeLeft.TotalSeconds:F1} s"),9}{holder.Epoch,7}\n";

    private static string Line(LimitChange change, TimeSpan now) =>
        $"{$"{(now - change.At).TotalSeconds:F1} s",9}{change.From,7}{change.To,7}{Seen(change)}{Milliseconds(change.Baseline),9}  {change.Reason}\n";

    // A person's change, or a restart's, rests on no numbers.
    private static string Seen(LimitChange change) => change.Epoch is { } epoch
        ? $"{epoch.GoodRate,9:F0}{epoch.InFlight,10:F1}{epoch.BoundShare,9:P0}{epoch.Timeouts + epoch.PushBacks + epoch.Failures,7}{ResponseTimes.Of(epoch)?.P50 ?? 0,8:F1}"
        : $"{"-",9}{"-",10}{"-",9}{"-",7}{"-",8}";

    private static string Sum(IReadOnlyList<HolderView> holders) =>
        $"{"all",-28}{holders.Sum(holder => holder.Permits),8}{holders.Sum(holder => holder.InFlight),10}{holders.Sum(holder => holder.Waiting),8}{holders.Sum(holder => holder.Rate),9:F0}"
        + $"{holders.Sum(holder => holder.Connections),12}{holders.Sum(holder => holder.Floor),6}\n";

    private static string Milliseconds(TimeSpan time) => time == TimeSpan.Zero ? "?" : $"{time.TotalMilliseconds:F1}";
}
