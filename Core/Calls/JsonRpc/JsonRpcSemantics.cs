using System.Collections.Frozen;
using System.Globalization;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Transports;
using OrleansPool.Core.Transports.JsonRpc;

namespace OrleansPool.Core.Calls.JsonRpc;

/// <summary>
/// JSON-RPC 2.0: no deadline on the wire, and no word for "too much to do"; which errors mean that is for the operator to say. The message itself is checked
/// where it is sent, since it may still be arriving.
/// </summary>
internal sealed class JsonRpcSemantics(JsonRpcOptions options) : CallSemantics
{
    private const int OtherError = 1;
    private const string OneForEach =
        "Callers of this endpoint have a connection each (JsonRpc:Mode = session): connect to its listening port, or open a TCP session by the .NET client. It takes no single calls.";

    private readonly FrozenSet<string> _pushBack = options.PushBackCodes.ToFrozenSet(StringComparer.Ordinal);

    public override bool IsGrpc => false;

    public override bool IsStream(CallRequest request) => request.Method is TcpMethods.Session;

    protected override CallFailure? CheckProtocol(CallRequest request, out TimeSpan? timeout)
    {
        timeout = null;
        if (options.Mode == JsonRpcMode.Session) return request is { Method: TcpMethods.Session, Target: TcpMethods.Target } ? null : new CallFailure(FailureCode.RequestInvalid, OneForEach);
        return request.Method is JsonRpcMethods.Call or JsonRpcMethods.Notify
            ? null
            : new CallFailure(FailureCode.RequestInvalid, $"This endpoint speaks JSON-RPC over TCP; call its listening port, or by the .NET client. It does not take {request.Method}.");
    }

    public override string? Timeout(TimeSpan left) => null;

    public override bool IsMeantByPath(string method) => method is JsonRpcMethods.Call;

    public override int StatusOf(UpstreamResponse answer)
    {
        if (!answer.TryGetHeader(JsonRpcResponse.ErrorCodeHeader, out var text)) return 0;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code) && IsSpecified(code) ? code : OtherError;
    }

    // Those of the specification, and those that it leaves to servers (section 5.1). An application's own may be any number, and are one here.
    private static bool IsSpecified(int code) => code is -32700 or (>= -32603 and <= -32600) or (>= -32099 and <= -32000);

    public override string NameOf(int status) => status switch
    {
        0 => "OK",
        OtherError => "_OTHER",
        _ => status.ToString(CultureInfo.InvariantCulture),
    };

    public override bool IsError(int status) => status != 0;

    public override DropKind Judge(UpstreamResponse answer) =>
        answer.TryGetHeader(JsonRpcResponse.ErrorCodeHeader, out var code) && _pushBack.Contains(code) ? DropKind.PushBack : DropKind.None;
}
