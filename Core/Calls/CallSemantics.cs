using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Calls;

/// <summary>What headers and trailers of an endpoint's protocol mean for a call. Stateless.</summary>
internal abstract class CallSemantics
{
    /// <summary>The meaning that <paramref name="protocol"/> gives.</summary>
    public static CallSemantics Of(Protocol protocol) => protocol == Protocol.Grpc ? new GrpcSemantics() : new HttpSemantics();

    /// <summary>True when message sizes are told by gRPC's prefixes.</summary>
    public abstract bool IsGrpc { get; }

    /// <summary>Why the request cannot be served, or null; and the time that the caller allows, where it says so.</summary>
    public abstract CallFailure? Check(CallRequest request, out TimeSpan? timeout);

    /// <summary>How the upstream is told what time is left; null when the protocol has no word for it.</summary>
    public abstract string? Timeout(TimeSpan left);

    /// <summary>What a completed answer says of the upstream's load.</summary>
    public abstract Verdict Judge(int status, HeaderBlock headers, HeaderBlock trailers);
}
