using System.Globalization;
using System.Net.Http.Headers;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Calls;

/// <summary>Plain HTTP: no deadline on the wire; 429 and 503 are push-back, 504 is a timeout.</summary>
internal sealed class HttpSemantics : CallSemantics
{
    public override bool IsGrpc => false;

    protected override CallFailure? CheckProtocol(CallRequest request, out TimeSpan? timeout)
    {
        timeout = null;
        return null;
    }

    public override string? Timeout(TimeSpan left) => null;

    // Of the methods that HTTP calls safe, those that ask for something (RFC 9110, section 9.2.1).
    public override bool IsMeantByPath(string method) => method is "GET" or "HEAD";

    // In seconds, or as a date of the upstream's clock (RFC 9110, section 10.2.3), which may be past by this one.
    public override TimeSpan? RetryAfter(HeaderBlock headers, HeaderBlock trailers, DateTimeOffset now)
    {
        if (!headers.TryGet("retry-after", out var text) || !RetryConditionHeaderValue.TryParse(text, out var told)) return null;
        var wait = told.Delta ?? told.Date!.Value - now;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    public override int StatusOf(UpstreamResponse answer) => answer.Status is >= 100 and < 600 ? answer.Status : 0;

    public override string NameOf(int status) => status == 0 ? "_OTHER" : status.ToString(CultureInfo.InvariantCulture);

    public override bool IsError(int status) => status is 0 or >= 400;

    // Server-sent events (WHATWG HTML, 9.2): HTTP's way to keep an answer open for as long as there is news.
    public override bool IsStream(UpstreamResponse answer) =>
        answer.TryGetHeader("content-type", out var type) && type.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);

    public override DropKind Judge(UpstreamResponse answer) => answer.Status switch
    {
        429 or 503 => DropKind.PushBack,
        504 => DropKind.Timeout,
        _ => DropKind.None,
    };
}
