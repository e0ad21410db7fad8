using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Gateway.Admin;

/// <summary>A budget as JSON: times in milliseconds, ages and what is left in seconds.</summary>
internal sealed record BudgetDocument(
    string Endpoint, int Limit, int? ObservedLimit, LimitReason Reason, string Why, LimitMode LimitMode, int Cap, int ConnectionsTaken, int MinimumsWanted, string? Warning, BudgetMode Mode, double LearningSeconds, long Epoch,
    double Overcommit, double BaselineMs, BudgetDocument.Load? Last, IEnumerable<BudgetDocument.Holder> Holders, IEnumerable<BudgetDocument.Change> Changes)
{
    /// <summary>What all holders together saw in an epoch.</summary>
    internal sealed record Load(
        double Seconds, double Qps, double InFlight, double Streams, double BoundShare, double Waiting, long Good, long Timeouts, long PushBacks, long Failures, ResponseTimes? ResponseMs);

    /// <summary>One holder.</summary>
    internal sealed record Holder(
        string Name, int Permits, int InFlight, int Waiting, double CallsPerSecond, double Need, int Connections, int Floor, double SecondsLeft, long Epoch, long Generation, bool IsDead);

    /// <summary>One change of the limit.</summary>
    internal sealed record Change(double SecondsAgo, int From, int To, LimitReason Reason, double BaselineMs, Load? Seen);

    public static BudgetDocument Of(BudgetView view) => new(
        view.Endpoint, view.Limit, view.ObservedLimit, view.Reason, LimitReasons.Sentence(view.Reason), view.LimitMode, view.Cap, view.ConnectionsTaken, view.MinimumsWanted, BudgetWarnings.Minimums(view), view.Mode, Seconds(view.LearningLeft), view.Epoch,
        Math.Round(view.Overcommit, 2), Math.Round(view.Baseline.TotalMilliseconds, 2), Of(view.LastEpoch), view.Holders.Select(Of),
        view.Changes.Reverse().Select(change => Of(change, view.Now)));

    private static Load? Of(EpochSample? epoch) => epoch is null ? null : new(
        Seconds(epoch.Span), Math.Round(epoch.GoodRate, 1), Math.Round(epoch.InFlight, 1), Math.Round(epoch.Streams, 1), Math.Round(epoch.BoundShare, 3),
        Math.Round(epoch.Waiting, 1), epoch.Good, epoch.Timeouts, epoch.PushBacks, epoch.Failures, ResponseTimes.Of(epoch));

    private static Holder Of(HolderView holder) => new(
        holder.Holder, holder.Permits, holder.InFlight, holder.Waiting, Math.Round(holder.Rate, 1), Math.Round(holder.Need, 1), holder.Connections, holder.Floor,
        Seconds(holder.TimeLeft), holder.Epoch, holder.Generation, holder.IsDead);

    private static Change Of(LimitChange change, TimeSpan now) => new(
        Seconds(now - change.At), change.From, change.To, change.Reason, Math.Round(change.Baseline.TotalMilliseconds, 2), Of(change.Epoch));

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 2);
}
