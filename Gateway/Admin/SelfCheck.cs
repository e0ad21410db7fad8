using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Operations;
using OrleansPool.Core.Pooling.Health;

namespace OrleansPool.Gateway.Admin;

/// <summary>What is not as it should be, by what is known of each part. Pure, but for reading the certificate's file.</summary>
internal static class SelfCheck
{
    // Of logs of two hosts beside each other a second tells what was first; leases go by each host's own clock, and need none of this.
    private static readonly TimeSpan _clockTolerance = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _certificateNotice = TimeSpan.FromDays(14);

    public static IEnumerable<Finding> OfConfiguration(ReloadResult last)
    {
        if (!last.IsApplied) yield return new("configuration", $"the last change was refused, version {last.Version} stays in force: {string.Join(" ", last.Mistakes)}", "Mend all of these and save it again, or reload; docs/options.md has every option.");
        if (last.NeedRestart.Count > 0) yield return new("configuration", $"changed, but not in force before a restart: {string.Join(", ", last.NeedRestart)}", "Restart the hosts one after the other.");
    }

    public static IEnumerable<Finding> OfHosts(ClusterReport cluster, DateTimeOffset now)
    {
        foreach (var silent in cluster.Silent) yield return new(silent.Name, $"the host does not answer: {silent.Why}", "See whether its process lives and the network between the hosts is whole; the others go on meanwhile.");
        foreach (var host in cluster.Hosts)
        {
            if (!host.IsReady) yield return new(host.Name, host.IsDraining ? "the host is shutting down" : "the host is not ready yet", "Wait for it; if it stays so, its log says what it waits for.");
            if ((host.Now - now).Duration() > _clockTolerance) yield return new(host.Name, $"its clock is {(host.Now - now).TotalSeconds:F1} s off this host's", "Keep the clocks together with NTP: leases do not need it, but logs and traces of several hosts do.");
            foreach (var endpoint in host.Endpoints) foreach (var finding in OfUpstreams(host, endpoint)) yield return finding;
        }
    }

    public static IEnumerable<Finding> OfBudget(string endpoint, BudgetView? view)
    {
        if (view is null)
        {
            yield return new(endpoint, "nobody holds its budget", "Ask again in some seconds; if it stays so, see whether the budget's store can be reached. Holders go on with their shares, then with their floors.");
            yield break;
        }

        if (view.Mode == BudgetMode.Learning) yield return new(endpoint, $"its budget learns for {view.LearningLeft.TotalSeconds:F0} s more who has what", "Wait: until then hosts keep what they have, and new ones get nothing.");
        if (view.Mode == BudgetMode.Safe) yield return new(endpoint, "its budget's store cannot be reached", "See whether the database is up: hosts live on their shares, then on their floors.");
        if (view.Orders.HoldsCalls) yield return new(endpoint, view.Orders.IsDrained ? "an operator drained it: calls wait, connections are closed" : "an operator paused it: calls wait", "Resume it when what it was for is done.");
        if (BudgetWarnings.Minimums(view) is { } warning) yield return new(endpoint, warning, "docs/options.md says what Pool:Min and Pool:Max mean.");
        foreach (var holder in view.Holders.Where(holder => holder is { IsDead: false, IsClient: false, Connections: > 0 } && holder.TimeLeft == TimeSpan.Zero))
            yield return new(endpoint, $"the holder {holder.Holder} is silent, and {holder.Connections} connections stay taken for it", "See whether that process lives; they are free when it comes back, or after the reserve.");
    }

    public static IEnumerable<Finding> OfCertificate(string? file, DateTimeOffset now)
    {
        if (file is null) yield break;
        var left = TimeLeft(file, now);
        if (left is null) yield return new("certificate", $"{file} can no longer be read", "Put the certificate back before the next restart.");
        else if (left < _certificateNotice) yield return new("certificate", $"that of the ingress ends in {left.Value.TotalDays:F0} days", "Replace the files of Gateway:CertificateFile and KeyFile, and restart the hosts one after the other.");
    }

    private static IEnumerable<Finding> OfUpstreams(HostReport host, EndpointReport endpoint)
    {
        var about = $"{endpoint.Name} on {host.Name}";
        if (endpoint.Addresses.Count == 0) yield return new(about, "it has no address", "See whether the names under Addresses are known to the name service of that host.");
        foreach (var address in endpoint.Addresses.Where(address => address.Phase != AddressPhase.Well || !address.IsConnectable))
            yield return new(about, $"{address.Address} {(address.IsConnectable ? $"gets no calls: {address.Why}" : "cannot be connected to")}", "Look at that instance, and at the way to it from that host; it is tried again by itself.");
        foreach (var leak in endpoint.Leaks) yield return new(about, $"a call to {leak.Method} has held its connection for {leak.HeldFor.TotalSeconds:F0} s", $"See what {leak.Caller} does with it: answers that nobody reads to their end are the usual reason.");
    }

    private static TimeSpan? TimeLeft(string file, DateTimeOffset now)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(file);
            return certificate.NotAfter.ToUniversalTime() - now.UtcDateTime;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
