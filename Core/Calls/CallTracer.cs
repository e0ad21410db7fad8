using System.Diagnostics;
using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Calls;

/// <summary>
/// The spans of an endpoint's calls: the call itself, and its wait for a permit and a connection, if it had to wait. Names and attributes are those of
/// OpenTelemetry's semantic conventions for calls and for HTTP, but for whatever may hold a secret: neither path nor query of an HTTP call. Thread-safe.
/// </summary>
internal sealed class CallTracer(string endpoint, Protocol protocol, CallSemantics semantics)
{
    private const string Wait = "pool wait";
    private const string Other = "_OTHER";
    private const string HttpMethodTag = "http.request.method";

    // Longer than any name that somebody gave a method.
    private const int LongestMethod = 250;

    private readonly string _system = protocol.SystemName();
    private readonly KeyValuePair<string, object?>[] _tags = [new(MetricTags.Pool, endpoint), new(MetricTags.System, protocol.SystemName())];

    /// <summary>True while somebody listens: else there is nothing to do, nor to be known.</summary>
    public static bool IsOn => PoolTraces.Source.HasListeners();

    /// <summary>Begins a call's span, a child of its caller's, and lets the upstream know of it. Null where the call is none of the listeners' business.</summary>
    public Activity? Begin(CallRequest request)
    {
        var (key, value) = KindOf(request);
        var name = value ?? (key is HttpMethodTag ? "HTTP" : _system);
        var span = PoolTraces.Source.StartActivity(name, ActivityKind.Client, TraceHeaders.Read(request), _tags);
        if (span is null) return null;
        if (key is not null && span.IsAllDataRequested) span.SetTag(key, value ?? Other);
        request.Span = span;
        return span;
    }

    /// <summary>Begins the span of a wait that may have to be. Where there was none it is dropped, not ended, and nobody hears of it.</summary>
    public Activity? BeginWait() => PoolTraces.Source.StartActivity(Wait, ActivityKind.Internal, default(ActivityContext), [_tags[0]]);

    /// <summary>True when a connection was opened because of that wait, which may be over already.</summary>
    public static bool HasCaused(Activity wait) => PoolTraces.IsCause(wait);

    /// <summary>A wait is over.</summary>
    public static void EndWait(Activity wait, CallFailure? failure) => PoolTraces.End(wait, failure is null ? null : MetricTags.ValueOf(failure.Code));

    /// <summary>The call went there.</summary>
    public static void Sent(Activity span, in ChannelLease lease)
    {
        var address = lease.Owner.Host.Address.Configured;
        span.SetTag(MetricTags.Address, address.Host).SetTag(MetricTags.Port, address.Port);
    }

    /// <summary>Another host has the call's answer, and tells the rest.</summary>
    public static void HandedOn(Activity span) => PoolTraces.End(span);

    /// <summary>The call was answered.</summary>
    /// <param name="span">The call's.</param>
    /// <param name="status">What <see cref="CallSemantics.StatusOf"/> says of the answer.</param>
    public void Answered(Activity span, int status)
    {
        var name = semantics.NameOf(status);
        if (protocol.IsHttp() && !semantics.IsGrpc) span.SetTag("http.response.status_code", status);
        else span.SetTag(MetricTags.Status, name);
        PoolTraces.End(span, semantics.IsError(status) ? name : null);
    }

    /// <summary>The call ended without an answer, or within it.</summary>
    public static void Failed(Activity span, FailureCode code) => PoolTraces.End(span, MetricTags.ValueOf(code));

    // What tells kinds of calls apart, and gives a span its name: gRPC's method is one, HTTP's path is not. Null for one that nobody knows.
    private (string? Key, string? Value) KindOf(CallRequest request)
    {
        if (semantics.IsGrpc) return ("rpc.method", IsMethod(request.Target) ? request.Target[1..] : null);
        return protocol.IsHttp() ? (HttpMethodTag, IsKnown(request.Method) ? request.Method : null) : (null, null);
    }

    private static bool IsMethod(string target) => target.Length is > 3 and < LongestMethod && target.AsSpan(1).Count('/') == 1 && !target.Contains('?');

    private static bool IsKnown(string method) => method is "GET" or "POST" or "PUT" or "DELETE" or "PATCH" or "HEAD" or "OPTIONS" or "TRACE" or "QUERY";
}
