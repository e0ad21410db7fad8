using OrleansPool.Core.Calls.Hedging;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Hosting;

/// <summary>The rules of docs/options.md for <c>Hedging</c>.</summary>
internal static class HedgingRules
{
    private const int MaxMethods = 64;

    public static void Check(string path, EndpointOptions endpoint, ConfigErrors errors)
    {
        var hedging = endpoint.Hedging;
        if (hedging.Delay is { } delay) errors.Range($"{path}:Delay", delay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        errors.Range($"{path}:Percentile", hedging.Percentile, 0.5, 0.999);
        errors.Range($"{path}:MaxAttempts", hedging.MaxAttempts, 2, 5);
        if (hedging.Methods.Length > MaxMethods) errors.Add($"{path}:Methods", $"{hedging.Methods.Length} entries", $"at most {MaxMethods} are allowed");
        for (var at = 0; at < hedging.Methods.Length; at++) CheckMethod($"{path}:Methods:{at}", hedging.Methods[at], endpoint.Protocol, errors);
        if (hedging.ByCaller && endpoint.Protocol is (Protocol.Tcp or Protocol.JsonRpc))
            errors.Add($"{path}:ByCaller", true, "callers mark calls by a header, which only the protocols grpc, http2 and http1 have; name the calls under Methods");
    }

    private static void CheckMethod(string path, string text, Protocol? protocol, ConfigErrors errors)
    {
        if (!IdempotentCalls.TryParse(text, out var entry))
            errors.Add(path, text, "/package.Service/Method is expected, /reports/* for all that begin so, or with HTTP POST /search");
        else if (entry.Verb is not null && protocol is not (Protocol.Http1 or Protocol.Http2))
            errors.Add(path, text, "only http1 and http2 have methods beside the path; leave it out");
        else if (protocol == Protocol.Tcp && entry is not { Path: TcpMethods.Target, IsPrefix: false })
            errors.Add(path, text, $"with tcp only {TcpMethods.Target} has a meaning, all exchanges");
    }
}
