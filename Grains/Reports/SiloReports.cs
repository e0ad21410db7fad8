using OrleansPool.Core.Operations;
using OrleansPool.Grains.Abstractions;
using OrleansPool.Grains.Placement;

namespace OrleansPool.Grains.Reports;

/// <summary>The reports of all silos that are members of the cluster now, each asked by a lane that names it; this one is asked without a message. Thread-safe.</summary>
internal sealed class SiloReports(IGrainFactory grains, IClusterMembershipService membership, ILocalSiloDetails self, HostReporter own, TimeProvider time) : IClusterReports
{
    public async ValueTask<ClusterReport> GatherAsync(ReportQuery query, CancellationToken cancellation)
    {
        var message = new ReportQueryMessage { Json = ReportJson.Write(query) };
        var asked = Others().Select(silo => AskAsync(silo, message, cancellation)).ToList();
        var hosts = new List<HostReport> { own.Report(query) };
        var silent = new List<SilentHost>();
        foreach (var (report, silence) in await Task.WhenAll(asked).ConfigureAwait(false))
        {
            if (report is not null) hosts.Add(report);
            else silent.Add(silence!);
        }

        return new ClusterReport([.. hosts.OrderBy(host => host.Name, StringComparer.Ordinal)], [.. silent.OrderBy(host => host.Name, StringComparer.Ordinal)]);
    }

    private IEnumerable<SiloAddress> Others() =>
        membership.CurrentSnapshot.Members.Values.Where(member => IsThere(member.Status) && !member.SiloAddress.Equals(self.SiloAddress)).Select(member => member.SiloAddress);

    // One that is stopping still has connections; one that is dead has none that anybody could report.
    private static bool IsThere(SiloStatus status) => status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping;

    private async Task<(HostReport? Report, SilentHost? Silence)> AskAsync(SiloAddress silo, ReportQueryMessage query, CancellationToken cancellation)
    {
        try
        {
            var lane = grains.GetGrain<IPoolGrain>(LaneKey.To("", silo.Endpoint));
            var answer = await lane.Report(query).AsTask().WaitAsync(IClusterReports.Patience, time, cancellation).ConfigureAwait(false);
            return (ReportJson.Read<HostReport>(answer.Json), null);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return (null, new SilentHost(silo.Endpoint.ToString(), WhyOf(e)));
        }
    }

    private static string WhyOf(Exception e) => e is TimeoutException
        ? $"It did not answer within {IClusterReports.Patience.TotalSeconds} s: it is overloaded, frozen, or cut off."
        : $"It could not be asked: {e.Message}";
}
