using OrleansPool.Core.Budget;

namespace OrleansPool.Gateway.Admin;

/// <summary>What an operator should change about a budget.</summary>
internal static class BudgetWarnings
{
    /// <summary>The minimums of all hosts do not fit under the cap; null when they do.</summary>
    public static string? Minimums(BudgetView view) => view.MinimumsWanted <= view.Cap
        ? null
        : $"Pool:Min asks for {view.MinimumsWanted} connections over {view.Holders.Count(holder => holder.TimeLeft > TimeSpan.Zero)} hosts, more than the cap of {view.Cap}: "
            + "hosts get less than their minimum. Lower Pool:Min or raise Pool:Max.";
}
