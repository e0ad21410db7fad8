using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

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

    public override DropKind Judge(int status, HeaderBlock headers, HeaderBlock trailers) => status switch
    {
        429 or 503 => DropKind.PushBack,
        504 => DropKind.Timeout,
        _ => DropKind.None,
    };
}
