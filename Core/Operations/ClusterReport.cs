namespace OrleansPool.Core.Operations;

/// <summary>What the hosts of the cluster answered.</summary>
/// <param name="Hosts">Their reports, by name.</param>
/// <param name="Silent">Members of the cluster that did not answer, by name.</param>
public sealed record ClusterReport(IReadOnlyList<HostReport> Hosts, IReadOnlyList<SilentHost> Silent);
