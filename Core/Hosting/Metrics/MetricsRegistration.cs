using Microsoft.Extensions.Hosting;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Core.Hosting.Metrics;

/// <summary>Has everything measured from the start of the host on. The meter keeps the instruments alive.</summary>
internal sealed class MetricsRegistration(PoolMeter meter, EndpointDirectory endpoints, IBudgetAuthorities authorities, TimeProvider time, IEnumerable<ServedCertificate> certificates) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = new EndpointMetrics(meter, endpoints, time);
        _ = new BudgetMetrics(meter, endpoints, authorities, time);
        _ = new CertificateMetrics(meter, certificates);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
