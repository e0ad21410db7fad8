using System.Text;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling.Health;
using OrleansPool.Core.Transports.Tcp;

namespace OrleansPool.Core.Hosting;

/// <summary>The rules of docs/options.md for what tells the health of addresses.</summary>
internal static class HealthRules
{
    // The name's length is written in one byte.
    private const int LongestService = 127;

    public static void CheckChecks(string path, EndpointOptions endpoint, ConfigErrors errors)
    {
        var check = endpoint.Check;
        errors.Range($"{path}:Interval", check.Interval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        errors.Range($"{path}:Jitter", check.Jitter, 0, 0.9);
        errors.Range($"{path}:Timeout", check.Timeout, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1));
        errors.Range($"{path}:Unhealthy", check.Unhealthy, 1, 10);
        errors.Range($"{path}:Healthy", check.Healthy, 1, 10);
        CheckKindFits($"{path}:Kind", endpoint, errors);
        if (!check.Path.StartsWith('/')) errors.Add($"{path}:Path", check.Path, "a path is expected that begins with a slash");
        CheckGrpc($"{path}:Service", check, errors);
        CheckExchange(path, check, errors);
        CheckJsonRpc(path, check, errors);
    }

    private static void CheckKindFits(string path, EndpointOptions endpoint, ConfigErrors errors)
    {
        var fits = endpoint.Check.Kind switch
        {
            CheckKind.Http => endpoint.Protocol is Protocol.Http1 or Protocol.Http2,
            CheckKind.Grpc => endpoint.Protocol is Protocol.Grpc,
            CheckKind.Exchange => endpoint is { Protocol: Protocol.Tcp, Tcp.Framing: not null },
            CheckKind.JsonRpc => endpoint is { Protocol: Protocol.JsonRpc, HasSessions: false },
            _ => true,
        };
        if (!fits) errors.Add(path, endpoint.Check.Kind, "http goes with the protocols http1 and http2, grpc with grpc, exchange with tcp and a Tcp:Framing, jsonrpc with jsonrpc and JsonRpc:Mode = shared, connect with all");
    }

    private static void CheckGrpc(string path, CheckOptions check, ConfigErrors errors)
    {
        if (check.Service is null) return;
        if (check.Kind != CheckKind.Grpc) errors.Add(path, check.Service, "it means nothing without Check:Kind = grpc");
        else if (Encoding.UTF8.GetByteCount(check.Service) > LongestService) errors.Add(path, check.Service, $"at most {LongestService} bytes are allowed");
    }

    private static void CheckExchange(string path, CheckOptions check, ConfigErrors errors)
    {
        if (check is { Kind: CheckKind.Exchange, Send: null or "" }) errors.Add($"{path}:Send", check.Send, "with Check:Kind = exchange the frame to send is required");
        foreach (var (key, text) in new[] { ("Send", check.Send), ("Expect", check.Expect) })
        {
            if (text is null) continue;
            if (check.Kind != CheckKind.Exchange) errors.Add($"{path}:{key}", text, "it means nothing without Check:Kind = exchange");
            else if (!EscapedBytes.TryParse(text, out _)) errors.Add($"{path}:{key}", text, @"ASCII is expected, other bytes as \r \n \t \0 \\ \xHH");
        }
    }

    private static void CheckJsonRpc(string path, CheckOptions check, ConfigErrors errors)
    {
        if (check.Method is "") errors.Add($"{path}:Method", check.Method, "the name of a method is expected");
        if (check.Kind == CheckKind.JsonRpc) return;
        if (check.Method is not null) errors.Add($"{path}:Method", check.Method, "it means nothing without Check:Kind = jsonrpc");
        if (check.AcceptUnknownMethod) errors.Add($"{path}:AcceptUnknownMethod", true, "it means nothing without Check:Kind = jsonrpc");
    }

    public static void CheckOutliers(string path, OutlierOptions outliers, ConfigErrors errors)
    {
        errors.Range($"{path}:ConsecutiveFailures", outliers.ConsecutiveFailures, 0, 1_000);
        errors.Range($"{path}:FailureRatio", outliers.FailureRatio, 0, 1);
        errors.RangeOrZero($"{path}:LatencyFactor", outliers.LatencyFactor, 2, 100, "never");
        errors.Range($"{path}:MinCalls", outliers.MinCalls, 1, 10_000);
        errors.Range($"{path}:Interval", outliers.Interval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        errors.Range($"{path}:EjectionTime", outliers.EjectionTime, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        errors.Range($"{path}:MaxEjectionTime", outliers.MaxEjectionTime, outliers.EjectionTime, TimeSpan.FromHours(1), $" (Outliers:EjectionTime = {outliers.EjectionTime})");
        errors.Range($"{path}:MaxShare", outliers.MaxShare, 0, 1);
        errors.RangeOrZero($"{path}:SlowStart", outliers.SlowStart, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), "at once");
    }
}
