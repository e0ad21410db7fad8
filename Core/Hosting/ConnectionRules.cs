using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansPool.Core.Model;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Hosting;

/// <summary>The rules of docs/options.md for what TCP and JSON-RPC have in common: a port of the endpoint's own, and connections kept alive by TCP itself.</summary>
internal static class ConnectionRules
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    public static void Check(string path, EndpointOptions endpoint, ConfigErrors errors)
    {
        if (endpoint.Protocol is Protocol.Tcp or Protocol.JsonRpc)
        {
            if (endpoint.Listen is { } listen && (!IPEndPoint.TryParse(listen, out _) || !listen.Contains(':')))
                errors.Add($"{path}:Listen", listen, "ip:port is expected, 127.0.0.1:6379 for this machine only");
            CheckListenTls($"{path}:ListenTls", endpoint, errors);
            CheckKeepAlive($"{path}:KeepAlive", endpoint.KeepAlive, errors);
            return;
        }

        if (endpoint.Listen is { } foreign) errors.Add($"{path}:Listen", foreign, "only an endpoint with Protocol = tcp or jsonrpc has a port of its own; HTTP and gRPC come in at Gateway:Listen");
        if (endpoint.ListenTls is not { CertificateFile: null, KeyFile: null }) errors.Add($"{path}:ListenTls", "(set)", "only an endpoint with Protocol = tcp or jsonrpc has a port of its own; for Gateway:Listen there is Gateway:CertificateFile");
        if (IsSet(endpoint.KeepAlive)) errors.Add($"{path}:KeepAlive", "(set)", "these options mean something with Protocol = tcp and jsonrpc only; HTTP/2 has Pool:KeepAlivePingDelay");
    }

    private static void CheckListenTls(string path, EndpointOptions endpoint, ConfigErrors errors)
    {
        var tls = endpoint.ListenTls;
        if (tls is { CertificateFile: null, KeyFile: null }) return;
        if (tls is not { CertificateFile: { } certificate, KeyFile: { } key })
        {
            errors.Add($"{path}:KeyFile", tls.KeyFile, "CertificateFile and KeyFile are set together or not at all");
            return;
        }

        if (endpoint.Listen is null) errors.Add($"{path}:CertificateFile", certificate, "it means nothing without Listen");
        try
        {
            X509Certificate2.CreateFromPemFile(certificate, key).Dispose();
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            errors.Add($"{path}:CertificateFile", certificate, $"the PEM files cannot be used: {e.Message.TrimEnd('.')}");
        }
    }

    private static void CheckKeepAlive(string path, KeepAliveOptions keepAlive, ConfigErrors errors)
    {
        errors.RangeOrZero($"{path}:Idle", keepAlive.Idle, _second, TimeSpan.FromHours(9), "no probes");
        errors.Range($"{path}:Interval", keepAlive.Interval, _second, TimeSpan.FromHours(1));
        errors.Range($"{path}:Count", keepAlive.Count, 1, 100);
    }

    private static bool IsSet(KeepAliveOptions keepAlive)
    {
        var defaults = new KeepAliveOptions();
        return keepAlive.Idle != defaults.Idle || keepAlive.Interval != defaults.Interval || keepAlive.Count != defaults.Count;
    }
}
