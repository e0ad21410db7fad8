using OrleansPool.Core.Operations;

namespace OrleansPool.Gateway.Admin;

/// <summary>All pools of the cluster for a terminal, a line for each endpoint of each host.</summary>
internal static class PoolsText
{
    private static readonly string[] _titles = ["endpoint ", "host ", "protocol ", "calls/s", "failed/s", "in flight", "permits", "waiting", "oldest s", "idle", "busy", "connecting", "draining", "share", "cap"];

    public static string Of(ClusterReport report) =>
        TextTable.Of(_titles, report.Hosts.SelectMany(host => host.Endpoints.Select(endpoint => Row(host.Name, endpoint))).OrderBy(row => row[0], StringComparer.Ordinal))
        + string.Concat(report.Silent.Select(host => $"\n{host.Name} is silent: {host.Why}"));

    private static string[] Row(string host, EndpointReport endpoint) =>
    [
        endpoint.Name, host, endpoint.Protocol, $"{endpoint.CallsPerSecond:F0}", $"{endpoint.FailedPerSecond:F1}", $"{endpoint.InFlight}", $"{endpoint.Permits}", $"{endpoint.Waiting}",
        $"{endpoint.OldestWait.TotalSeconds:F1}", $"{endpoint.Idle}", $"{endpoint.Busy}", $"{endpoint.Connecting}", $"{endpoint.Draining}", $"{endpoint.Share}", $"{endpoint.Cap}",
    ];
}
