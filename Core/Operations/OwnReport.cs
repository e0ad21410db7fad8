namespace OrleansPool.Core.Operations;

/// <summary>The reports of a host that has no others beside it.</summary>
internal sealed class OwnReport(HostReporter reporter) : IClusterReports
{
    public ValueTask<ClusterReport> GatherAsync(ReportQuery query, CancellationToken cancellation) => new(new ClusterReport([reporter.Report(query)], []));
}
