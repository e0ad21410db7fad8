using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Calls;

/// <summary>Plain HTTP: no deadline on the wire; 429, 503 and 504 are push-back.</summary>
internal sealed class HttpSemantics : CallSemantics
{
    public override bool IsGrpc => false;

    protected override CallFailure? CheckProtocol(CallRequest request, out TimeSpan? timeout)
    {
        timeout = null;
        return null;
    }

    public override string? Timeout(TimeSpan left) => null;

    public override Verdict Judge(int status, HeaderBlock headers, HeaderBlock trailers) => status is 429 or 503 or 504 ? Verdict.Dropped : Verdict.Success;
}
