using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Transports;
using OrleansPool.Core.Transports.Framing;

namespace OrleansPool.Core.Calls;

/// <summary>TCP: bytes that mean nothing to the pool. No deadline on the wire, and no word for push-back.</summary>
/// <param name="framing">Where frames end; null where there are no exchanges.</param>
/// <param name="isPipelined">True where connections are shared, so that nobody can have one for a session.</param>
internal sealed class TcpSemantics(IFraming? framing, bool isPipelined = false) : CallSemantics
{
    public override bool IsGrpc => false;

    public override bool IsStream(CallRequest request) => request.Method is TcpMethods.Session;

    public override string? Timeout(TimeSpan left) => null;

    public override int StatusOf(UpstreamResponse answer) => 0;

    public override string NameOf(int status) => "OK";

    public override bool IsError(int status) => false;

    public override DropKind Judge(UpstreamResponse answer) => DropKind.None;

    protected override CallFailure? CheckProtocol(CallRequest request, out TimeSpan? timeout)
    {
        timeout = null;
        if (request is not { Method: TcpMethods.Exchange or TcpMethods.Session, Target: TcpMethods.Target })
            return new CallFailure(FailureCode.RequestInvalid, "This endpoint speaks TCP; call it through its listening port (Listen) or the .NET client, not as HTTP.");
        if (IsStream(request)) return isPipelined ? new CallFailure(FailureCode.RequestInvalid, "The connections of this endpoint are shared (Tcp:Pipelining); a session needs an endpoint without that.") : null;
        if (framing is null) return new CallFailure(FailureCode.RequestInvalid, "This endpoint has no framing, so that it cannot tell where a reply ends; set Tcp:Framing.");
        return request.BodyReader is null ? FrameRules.Check(framing, request.Body.Span) : null;
    }
}
