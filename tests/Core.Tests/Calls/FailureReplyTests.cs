using System.Text;
using System.Text.Json;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Tests.Calls;

/// <summary>What a caller sees of a failure.</summary>
public class FailureReplyTests
{
    public static TheoryData<FailureCode> Codes => [.. Enum.GetValues<FailureCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Grpc_AnyFailure_IsHttp200WithStatusAndOrigin(FailureCode code)
    {
        var failure = new CallFailure(code, "because");
        var reply = FailureReply.For(failure, isGrpc: true);
        Assert.Equal((200, 0), (reply.Status, reply.Body.Length));
        Assert.Equal(
            [
                ("content-type", "application/grpc"), ("grpc-status", $"{(int)failure.GrpcStatus}"), ("grpc-message", $"{code}: because"),
                ("orleanspool-error", $"{code}"), ("orleanspool-stage", $"{failure.Stage}"), ("orleanspool-party", $"{failure.Party}"),
            ],
            Headers(reply.Headers));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Grpc_AnswerHadBegun_TrailersSayTheSameWithoutTheHead(FailureCode code)
    {
        var failure = new CallFailure(code, "because") { RetryAfter = TimeSpan.FromSeconds(1) };
        var head = Headers(FailureReply.For(failure, isGrpc: true).Headers);
        Assert.Equal(head.Skip(1), Headers(FailureReply.GrpcTrailers(failure)));
    }

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("100 %", "100 %25")]
    [InlineData("%41", "%2541")]
    [InlineData("tab\tline\r\nend", "tab%09line%0D%0Aend")]
    [InlineData("caf\u00e9", "caf%C3%A9")]
    [InlineData("\u65e5\u672c", "%E6%97%A5%E6%9C%AC")]
    [InlineData("\U0001F600", "%F0%9F%98%80")]
    [InlineData("~ \u007f", "~ %7F")]
    [InlineData("", "")]
    public void Grpc_Message_IsPercentEncodedUtf8(string detail, string expected)
    {
        var reply = FailureReply.For(new CallFailure(FailureCode.QueueFull, detail), isGrpc: true);
        Assert.True(reply.Headers.TryGet("grpc-message", out var message));
        Assert.Equal($"QueueFull: {expected}", message);
        Assert.Equal($"QueueFull: {detail}", Uri.UnescapeDataString(message));
    }

    [Fact]
    public void Grpc_StatusOfAReset_IsPassedOn()
    {
        var reply = FailureReply.For(new CallFailure(FailureCode.UpstreamReset, "") { GrpcStatus = GrpcStatus.Cancelled }, isGrpc: true);
        Assert.Equal(["1"], reply.Headers.All("grpc-status"));
    }

    [Theory]
    [InlineData(0, "0", "0")]
    [InlineData(1, "1", "1")]
    [InlineData(10_000, "1", "1")]
    [InlineData(10_001, "2", "1")]
    [InlineData(10_000_000, "1000", "1")]
    [InlineData(10_000_001, "1001", "2")]
    [InlineData(15_000_000, "1500", "2")]
    [InlineData(36_000_000_000, "3600000", "3600")]
    public void RetryAfter_IsRoundedUpInTheUnitOfEachProtocol(long ticks, string milliseconds, string seconds)
    {
        var failure = new CallFailure(FailureCode.CircuitOpen, "") { RetryAfter = TimeSpan.FromTicks(ticks) };
        Assert.Equal([milliseconds], FailureReply.For(failure, isGrpc: true).Headers.All("grpc-retry-pushback-ms"));
        Assert.Equal([seconds], FailureReply.For(failure, isGrpc: false).Headers.All("retry-after"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RetryAfter_Unknown_IsNotTold(bool isGrpc)
    {
        var headers = FailureReply.For(new CallFailure(FailureCode.UpstreamClosed, ""), isGrpc).Headers;
        Assert.False(headers.TryGet("grpc-retry-pushback-ms", out _) || headers.TryGet("retry-after", out _));
    }

    [Theory]
    [InlineData(FailureCode.QueueFull)]
    [InlineData(FailureCode.QueueTimeout)]
    [InlineData(FailureCode.Draining)]
    [InlineData(FailureCode.CircuitOpen)]
    public void RetryAfter_TurnedAwayForAnUnknownTime_IsTheLeastThatHttpCanSay_AndLeftToAGrpcClientsOwnBackoff(FailureCode code)
    {
        Assert.Equal(["1"], FailureReply.For(new CallFailure(code, ""), isGrpc: false).Headers.All("retry-after"));
        Assert.Empty(FailureReply.For(new CallFailure(code, ""), isGrpc: true).Headers.All("grpc-retry-pushback-ms"));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Http_AnyFailure_IsAProblemBodyWithOrigin(FailureCode code)
    {
        var failure = new CallFailure(code, "because of \"quotes\", \\ and \u65e5\u672c\n");
        var reply = FailureReply.For(failure, isGrpc: false);
        Assert.Equal(failure.HttpStatus, reply.Status);
        Assert.Equal(
            [("content-type", "application/problem+json"), ("orleanspool-error", $"{code}"), ("orleanspool-stage", $"{failure.Stage}"), ("orleanspool-party", $"{failure.Party}")],
            Headers(reply.Headers).Where(header => header.Item1 != "retry-after"));
        using var problem = JsonDocument.Parse(reply.Body);
        Assert.Equal(["title", "status", "detail", "advice", "stage", "party", "retryable"], problem.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(failure.Detail, problem.RootElement.GetProperty("detail").GetString());
        Assert.Equal((failure.HttpStatus, failure.IsRetryable), (problem.RootElement.GetProperty("status").GetInt32(), problem.RootElement.GetProperty("retryable").GetBoolean()));
        Assert.Equal((code.ToString(), FailureFacts.Of(code).Advice), (problem.RootElement.GetProperty("title").GetString(), problem.RootElement.GetProperty("advice").GetString()));
    }

    [Fact]
    public void Http_StageOfThisFailure_IsToldInBodyAndHeader()
    {
        var reply = FailureReply.For(new CallFailure(FailureCode.CallerCancelled, "") { Stage = Stage.Admit }, isGrpc: false);
        Assert.Equal(["Admit"], reply.Headers.All(FailureReply.StageHeader));
        Assert.Contains("\"stage\":\"Admit\"", Encoding.UTF8.GetString(reply.Body.Span), StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, string Value)> Headers(HeaderBlock block) => Enumerable.Range(0, block.Count).Select(at => block[at]);
}
