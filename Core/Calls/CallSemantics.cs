using System.Buffers;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Calls;

/// <summary>What headers and trailers of an endpoint's protocol mean for a call. Stateless.</summary>
internal abstract class CallSemantics
{
    // RFC 9110, section 5.6.2.
    private static readonly SearchValues<char> _token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>The meaning that <paramref name="protocol"/> gives.</summary>
    public static CallSemantics Of(Protocol protocol) => protocol == Protocol.Grpc ? new GrpcSemantics() : new HttpSemantics();

    /// <summary>True when message sizes are told by gRPC's prefixes.</summary>
    public abstract bool IsGrpc { get; }

    /// <summary>True when the request alone says that it is a stream.</summary>
    public virtual bool IsStream(CallRequest request) => false;

    /// <summary>True when the answer's head says that it goes on for as long as there is something to tell.</summary>
    public virtual bool IsStream(UpstreamResponse answer) => false;

    /// <summary>True when the answer's head says how the call ended, so that there is nothing behind it.</summary>
    public virtual bool IsWhole(UpstreamResponse answer) => false;

    /// <summary>Why the request cannot be served, or null; and the time that the caller allows, where it says so.</summary>
    public CallFailure? Check(CallRequest request, out TimeSpan? timeout)
    {
        timeout = null;
        return CheckHead(request) ?? CheckProtocol(request, out timeout);
    }

    /// <summary>How the upstream is told what time is left; null when the protocol has no word for it.</summary>
    public abstract string? Timeout(TimeSpan left);

    /// <summary>How a completed answer counts as dropped; <see cref="DropKind.None"/> when it does not.</summary>
    public abstract DropKind Judge(UpstreamResponse answer);

    /// <summary>True when an operator who names a path, and no method, means calls with this one.</summary>
    public virtual bool IsMeantByPath(string method) => true;

    /// <summary>How long an answer that is push-back asks to be left alone for; null when it does not say.</summary>
    public virtual TimeSpan? RetryAfter(HeaderBlock headers, HeaderBlock trailers, DateTimeOffset now) => null;

    /// <summary>The protocol's own word for how an answer ended, as a number of which there are few; 0 where it has none, and where it is none of the protocol's.</summary>
    public abstract int StatusOf(UpstreamResponse answer);

    /// <summary>The same for people.</summary>
    public abstract string NameOf(int status);

    /// <summary>True when the upstream said by it that the call did not work.</summary>
    public abstract bool IsError(int status);

    /// <summary>What the protocol asks of a request on top of HTTP.</summary>
    protected abstract CallFailure? CheckProtocol(CallRequest request, out TimeSpan? timeout);

    // What has no path here has none upstream either: "OPTIONS *" asks about a server, CONNECT is for a proxy.
    private static CallFailure? CheckHead(CallRequest request)
    {
        if (request.Method.Length == 0 || request.Method.AsSpan().ContainsAnyExcept(_token) || request.Method is "CONNECT")
            return new CallFailure(FailureCode.RequestInvalid, $"The method \"{request.Method}\" cannot be forwarded.");
        if (!request.Target.StartsWith('/'))
            return new CallFailure(FailureCode.RequestInvalid, $"The request's target \"{request.Target}\" does not start with a slash, so that it names nothing at the endpoint.");
        return null;
    }
}
