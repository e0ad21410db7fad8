using System.Diagnostics.Metrics;
using OrleansPool.Core.Diagnostics;

namespace OrleansPool.Core.Hosting.Metrics;

/// <summary>When the certificates end that this process shows to others.</summary>
internal sealed class CertificateMetrics
{
    private readonly Measurement<long>[] _ends;

    public CertificateMetrics(PoolMeter meter, IEnumerable<ServedCertificate> certificates)
    {
        _ends = [.. certificates.Select(served => new Measurement<long>(served.NotAfter.ToUnixTimeSeconds(), new KeyValuePair<string, object?>(MetricTags.Certificate, served.Place)))];
        meter.Meter.CreateObservableGauge("orleanspool.certificate.expiry.timestamp", () => _ends, "s", "When certificates end that callers or other silos are shown, as Unix time.");
    }
}
