using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;

namespace OrleansPool.Core.Model;

/// <summary>
/// A request on its way to an endpoint, whichever way it came in. Either the body is here whole (<see cref="Body"/>), and the call can be sent
/// again if it provably never left; or it is still arriving (<see cref="BodyReader"/>). Owned by one call; not thread-safe.
/// </summary>
public sealed class CallRequest
{
    private ReadOnlyMemory<byte>? _body;
    private HeaderBlock? _traced;
    private readonly CallerMessage _caller;

    /// <summary>A request that came over a wire, or was taken apart.</summary>
    public CallRequest()
    {
    }

    /// <summary>The request of a caller in this process, as it has it: nothing of it is copied until somebody asks for it in another form.</summary>
    [SetsRequiredMembers]
    public CallRequest(in CallerMessage caller)
    {
        (_caller, _body) = (caller, caller.Written);
        Method = Message!.Method.Method;
        Target = Message.RequestUri?.PathAndQuery ?? "/";
        HasBody = Message.Content is not null;
    }

    /// <summary>HTTP method, upper case.</summary>
    public required string Method { get; init; }

    /// <summary>Path and query as the upstream is to see them, starting with a slash.</summary>
    public required string Target { get; init; }

    /// <summary>End-to-end and hop-by-hop headers as received, without pseudo-headers; the transport drops what must not pass.</summary>
    [field: AllowNull]
    public required HeaderBlock Headers
    {
        get => Span is null ? field ??= MessageHeaders.Copy(Message!) : _traced ??= TraceHeaders.Replace(field ?? MessageHeaders.Copy(Message!), Span);
        init;
    }

    /// <summary>The caller's own message, for a transport that can send it as it is; null for a request that is no message.</summary>
    public HttpRequestMessage? Message => _caller.Message;

    /// <summary>What was read of <see cref="Message"/>.</summary>
    internal ref readonly CallerMessage Caller => ref _caller;

    /// <summary>False for a request that has no body at all, which is not the same as an empty one.</summary>
    public bool HasBody { get; init; }

    /// <summary>The whole body when <see cref="BodyReader"/> is null. Must stay unchanged until the call has been answered.</summary>
    public ReadOnlyMemory<byte> Body
    {
        get => _body ??= WholeContent.Copy(Message?.Content);
        init => _body = value;
    }

    /// <summary>The content of <see cref="Message"/>, as long as nobody needed its bytes; null where they are here.</summary>
    internal HttpContent? Content => _body is null ? Message?.Content : null;

    /// <summary>The body as it arrives, or null when <see cref="Body"/> is all of it.</summary>
    public PipeReader? BodyReader { get; init; }

    /// <summary>True when another host of the pool forwarded the call for its share; it is served here or refused, and goes nowhere else.</summary>
    public bool IsForwarded { get; init; }

    /// <summary>Of a call from another host: the time it had left on arrival, whatever its headers say; null for no deadline if it was forwarded, else for what the headers say.</summary>
    public TimeSpan? TimeLeft { get; init; }

    /// <summary>Who calls: what a cluster client says of itself, or the address that a caller of an endpoint's own port has; null when the call came in another way.</summary>
    public string? ClientId { get; init; }

    /// <summary>When it came, by <see cref="MonotonicClock"/>; zero until its endpoint has taken it, and where nobody measures calls.</summary>
    public TimeSpan CameAt { get; internal set; }

    /// <summary>The span of the call, which stands in <see cref="Headers"/> in the place of its caller's, for the upstream and for hosts it is forwarded to; null where nobody traces it.</summary>
    internal Activity? Span { get; set; }

    /// <summary>True when the caller speaks gRPC, by its content type; errors are then told as gRPC status.</summary>
    public bool IsGrpc => ContentType is { } type && GrpcContent.Matches(type);

    /// <summary>The header <c>content-type</c>, or null.</summary>
    public string? ContentType => Message is not null ? _caller.ContentType : Headers.TryGet("content-type", out var type) ? type : null;

    /// <summary>The header <c>grpc-timeout</c>, or null.</summary>
    public string? GrpcTimeout => Message is not null ? _caller.GrpcTimeout : Headers.TryGet("grpc-timeout", out var timeout) ? timeout : null;

    /// <summary>True when the request can be sent again: its body is here whole, or none of it was taken yet.</summary>
    public bool CanRepeat => BodyReader is null || !BodyWasTouched;

    /// <summary>To be set by whoever takes the first bytes from <see cref="BodyReader"/>.</summary>
    public bool BodyWasTouched { get; set; }
}
