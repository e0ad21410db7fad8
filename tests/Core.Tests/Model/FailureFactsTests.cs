using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Tests.Model;

/// <summary>Promises that hold for every failure, whichever is added next.</summary>
public class FailureFactsTests
{
    public static TheoryData<FailureCode> Codes => [.. Enum.GetValues<FailureCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Code_Each_HasFactsOfItsOwn(FailureCode code)
    {
        // A code without facts gets those of an internal error.
        if (code != FailureCode.InternalError) Assert.NotSame(FailureFacts.Of(FailureCode.InternalError), FailureFacts.Of(code));
        var advice = FailureFacts.Of(code).Advice;
        Assert.True(advice.Length > 10 && char.IsUpper(advice[0]) && advice.EndsWith('.'), $"\"{advice}\" is no sentence");
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Retryable_IsOnlyWhatFailsBeforeTheUpstreamCouldHaveSeenIt(FailureCode code)
    {
        var facts = FailureFacts.Of(code);
        if (!facts.Traits.HasFlag(FailureTraits.Retryable)) return;
        Assert.InRange(facts.Stage, Stage.Route, Stage.Send);
        Assert.False(facts.Traits.HasFlag(FailureTraits.Interrupted), "either the upstream provably did nothing, or nobody knows");

        // gRPC clients and proxies repeat these statuses by convention, and no others.
        Assert.Contains(facts.GrpcStatus, new[] { GrpcStatus.Unavailable, GrpcStatus.ResourceExhausted });
        Assert.InRange(facts.HttpStatus, 502, 504);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Failure_AfterTheRequestWasSent_IsNotRetryable(FailureCode code)
    {
        var facts = FailureFacts.Of(code);
        if (facts.Stage > Stage.Send) Assert.True(facts.Traits.HasFlag(FailureTraits.Interrupted) && !facts.Traits.HasFlag(FailureTraits.Retryable));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Rejected_IsRetryableLater(FailureCode code)
    {
        var facts = FailureFacts.Of(code);
        if (!facts.Traits.HasFlag(FailureTraits.Rejected)) return;
        Assert.True(facts.Traits.HasFlag(FailureTraits.Retryable));
        Assert.Equal(503, facts.HttpStatus);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void DeadlineExceeded_IsToldAsSuchToEveryCaller(FailureCode code)
    {
        var facts = FailureFacts.Of(code);
        Assert.Equal(facts.Traits.HasFlag(FailureTraits.DeadlineExceeded), facts.GrpcStatus == GrpcStatus.DeadlineExceeded);
        if (facts.Traits.HasFlag(FailureTraits.DeadlineExceeded)) Assert.Equal(504, facts.HttpStatus);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void HttpStatus_BlamesTheSameSideAsTheParty(FailureCode code)
    {
        var facts = FailureFacts.Of(code);
        Assert.InRange(facts.HttpStatus, facts.Party == Party.Caller ? 400 : 500, facts.Party == Party.Caller ? 499 : 599);
        Assert.NotEqual(GrpcStatus.Ok, facts.GrpcStatus);
    }

    [Fact]
    public void Code_FromANewerSilo_IsTreatedAsAnInternalError()
    {
        var failure = new CallFailure((FailureCode)77, "from the future");
        Assert.Same(FailureFacts.Of(FailureCode.InternalError), FailureFacts.Of(failure.Code));
        Assert.Equal((Party.Pool, GrpcStatus.Internal, 500, false), (failure.Party, failure.GrpcStatus, failure.HttpStatus, failure.IsRetryable));
    }

    [Fact]
    public void Codes_OnTheWire_KeepTheirNumbers()
    {
        // Written out on purpose: a number that moves breaks a cluster of mixed versions.
        const string numbers = "EndpointUnknown 1, RequestInvalid 2, ContentTypeUnsupported 3, RequestTooLarge 4, CallerCancelled 5, CallerAborted 6, "
            + "QueueFull 20, QueueTimeout 21, DeadlineInQueue 22, Draining 23, ShareElsewhere 24, WaitTooLong 25, Exhausted 26, NoAddress 40, ConnectFailed 41, ConnectTimeout 42, TlsFailed 43, HandshakeFailed 44, CircuitOpen 45, "
            + "UpstreamRefused 60, HeadersTooLarge 61, DeadlineAtUpstream 62, UpstreamReset 63, UpstreamClosed 64, UpstreamProtocolError 65, ResponseTooLarge 66, PipelineCut 67, "
            + "GatewayLost 80, ClusterUnreachable 81, InternalError 99";
        Assert.Equal(numbers, string.Join(", ", Enum.GetValues<FailureCode>().Select(code => $"{code} {(int)code}")));
    }

    [Theory]
    [InlineData(400, GrpcStatus.Internal)]
    [InlineData(401, GrpcStatus.Unauthenticated)]
    [InlineData(403, GrpcStatus.PermissionDenied)]
    [InlineData(404, GrpcStatus.Unimplemented)]
    [InlineData(429, GrpcStatus.Unavailable)]
    [InlineData(502, GrpcStatus.Unavailable)]
    [InlineData(503, GrpcStatus.Unavailable)]
    [InlineData(504, GrpcStatus.Unavailable)]
    [InlineData(200, GrpcStatus.Unknown)]
    [InlineData(418, GrpcStatus.Unknown)]
    [InlineData(500, GrpcStatus.Unknown)]
    public void GrpcStatus_OfAnHttpAnswerWithoutOne_IsTheSpecifications(int http, GrpcStatus expected) => Assert.Equal(expected, GrpcStatusMapping.FromHttp(http));

    [Theory]
    [InlineData(0x0, GrpcStatus.Internal)]
    [InlineData(0x1, GrpcStatus.Internal)]
    [InlineData(0x2, GrpcStatus.Internal)]
    [InlineData(0x3, GrpcStatus.Internal)]
    [InlineData(0x6, GrpcStatus.Internal)]
    [InlineData(0x7, GrpcStatus.Unavailable)]
    [InlineData(0x8, GrpcStatus.Cancelled)]
    [InlineData(0x9, GrpcStatus.Internal)]
    [InlineData(0xa, GrpcStatus.Internal)]
    [InlineData(0xb, GrpcStatus.ResourceExhausted)]
    [InlineData(0xc, GrpcStatus.PermissionDenied)]
    public void GrpcStatus_OfAReset_IsTheSpecifications(long http2ErrorCode, GrpcStatus expected) => Assert.Equal(expected, GrpcStatusMapping.FromReset(http2ErrorCode));
}
