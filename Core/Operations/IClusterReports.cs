namespace OrleansPool.Core.Operations;

/// <summary>What all hosts of the cluster know, whichever of them is asked. Clients that hold connections themselves are no hosts: the budgets' holders name them. Thread-safe.</summary>
public interface IClusterReports
{
    /// <summary>How long a host may take to answer.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>All reports, after <see cref="Patience"/> at the latest. Never throws but for the token's cancellation.</summary>
    ValueTask<ClusterReport> GatherAsync(ReportQuery query, CancellationToken cancellation);
}
