using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using OrleansPool.Core.Hosting;

namespace OrleansPool.Gateway.Hosting;

/// <summary>Reads and checks <c>OrleansPool:Gateway</c>.</summary>
internal static class GatewayOptionsReader
{
    private const string Section = $"{OrleansPoolOptions.Section}:Gateway";

    public static GatewayOptions Read(IConfiguration configuration, ConfigErrors errors)
    {
        var options = new GatewayOptions();
        StrictBinder.Bind(configuration.GetSection(Section), options, Section, errors);
        if (!IPEndPoint.TryParse(options.Listen, out _) || !options.Listen.Contains(':'))
            errors.Add($"{Section}:Listen", options.Listen, "ip:port is expected, 0.0.0.0:8080 for every interface");
        errors.Range($"{Section}:MaxStreamsPerConnection", options.MaxStreamsPerConnection, 1, 100_000);
        errors.Range($"{Section}:StreamWindowBytes", options.StreamWindowBytes, 65_535, 16_777_216, " bytes");
        if (options.MaxConnections is { } connections) errors.Range($"{Section}:MaxConnections", connections, 1, 1_000_000);
        CheckCertificate(options, errors);
        AdminRules.Check(options, errors);
        CheckOtlp(options.Otlp, errors);
        return options;
    }

    private static void CheckOtlp(OtlpOptions otlp, ConfigErrors errors)
    {
        errors.Range($"{Section}:Otlp:Period", otlp.Period, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        errors.Range($"{Section}:Otlp:TraceRatio", otlp.TraceRatio, 0, 1);
        var isUrl = Uri.TryCreate(otlp.Endpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
        if (otlp.Endpoint is not null && !isUrl) errors.Add($"{Section}:Otlp:Endpoint", otlp.Endpoint, "a URL is expected, http://localhost:4317 for a collector on this machine");
    }

    private static void CheckCertificate(GatewayOptions options, ConfigErrors errors)
    {
        if ((options.CertificateFile is null) != (options.KeyFile is null))
            errors.Add($"{Section}:KeyFile", options.KeyFile, "CertificateFile and KeyFile are set together or not at all");
        if (options.CertificateFile is null || options.KeyFile is null) return;
        try
        {
            X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile).Dispose();
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            errors.Add($"{Section}:CertificateFile", options.CertificateFile, $"the PEM files cannot be used: {e.Message}");
        }
    }
}
