using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansPool.Client.Messages;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Calls.Streams;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Grains;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Cluster.Tests.Wire;

/// <summary>Whatever is said on one side of the wire is heard on the other.</summary>
public sealed class WireMessageTests : IDisposable
{
    // What Orleans takes in one message; more closes the connection (MessagingOptions.MaxMessageBodySize).
    private const int OrleansTakes = 100 * 1024 * 1024;

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public static TheoryData<string> Samples => [.. Messages().Keys];

    public static TheoryData<FailureCode> Codes => [.. Enum.GetValues<FailureCode>()];

    private Serializer Serializer => _services.GetRequiredService<Serializer>();

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(Samples))]
    public void Message_OfAnyKind_ComesOutAsItWentIn(string sample)
    {
        var message = Messages()[sample];
        var heard = Transmit(message);

        Assert.NotSame(message, heard);
        Assert.Equal(Text(message), Text(heard));
    }

    [Fact]
    public void Messages_Sampled_AreAllThereAre() =>
        Assert.Equal(WireContract.Messages().ToHashSet(), Messages().Values.Select(message => message.GetType()).ToHashSet());

    [Theory]
    [MemberData(nameof(Codes))]
    public void Failure_OfAnyCode_MeansTheSameOnTheOtherSide(FailureCode code)
    {
        var failure = new CallFailure(code, "Größe 世界") { Stage = Stage.Receive, GrpcStatus = GrpcStatus.Unauthenticated, RetryAfter = TimeSpan.FromMilliseconds(1234) };
        var message = Transmit(failure.ToMessage());

        Assert.All(new[] { Replies.ToFailure(message), WireMapping.ToFailure(message) }, heard =>
        {
            Assert.Equal(
                (code, Stage.Receive, GrpcStatus.Unauthenticated, "Größe 世界", TimeSpan.FromMilliseconds(1234)),
                (heard.Code, heard.Stage, heard.GrpcStatus, heard.Detail, heard.RetryAfter!.Value));
            Assert.Equal((failure.Party, failure.Traits, failure.HttpStatus), (heard.Party, heard.Traits, heard.HttpStatus));
        });
    }

    [Fact]
    public void Failure_WithShareElsewhere_SaysWhereToASilo()
    {
        var failure = new CallFailure(FailureCode.ShareElsewhere, "not here") { Holders = ["10.0.0.1:11111", "10.0.0.2:11111"] };

        Assert.Equal(failure.Holders, WireMapping.ToFailure(Transmit(failure.ToMessage())).Holders);
    }

    [Fact]
    public void Failure_OfACodeThatOnlyANewerSiloKnows_IsToldAsItsStatusAndNeverAsRetryable()
    {
        var message = new FailureMessage { Code = 4711, Stage = (int)Stage.Admit, GrpcStatus = (int)GrpcStatus.ResourceExhausted, Detail = "something new" };
        var failure = Replies.ToFailure(Transmit(message));
        var reply = FailureReply.For(failure, isGrpc: true).Headers.ToFlat().Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

        Assert.Equal((GrpcStatus.ResourceExhausted, Party.Pool, false, 500), (failure.GrpcStatus, failure.Party, failure.IsRetryable, failure.HttpStatus));
        Assert.Equal(("8", "4711: something new", "4711"), (reply["grpc-status"], reply["grpc-message"], reply["orleanspool-error"]));
    }

    [Fact]
    public void Request_ThroughTheWire_IsTheOneThatWasMade()
    {
        var request = Transmit(Call()).ToRequest();
        var head = Transmit((OpenMessage)Messages()["open"]).ToHead();

        Assert.Equal(("POST", "/a?b", true), (request.Method, request.Target, request.HasBody));
        Assert.Equal(["x-a", "1", "x-a", "2"], request.Headers.ToFlat());
        Assert.Equal([1, 2, 3], request.Body.ToArray());
        Assert.Equal(("PUT", "/c", true), (head.Method, head.Target, head.HasBody));
        Assert.Equal(["x-b", ""], head.Headers.ToFlat());
    }

    [Fact]
    public void Request_Forwarded_IsTheOneThatWasMadeWithTheTimeItHasLeft()
    {
        var left = TimeSpan.FromMilliseconds(77);
        var request = Transmit(Call()).ToRequest();
        var (whole, head) = (Transmit(request.ToForwardedCall(left, handsOver: false)).ToRequest(), Transmit(request.ToForwardedOpen(Guid.NewGuid(), null, handsOver: false)).ToHead());

        Assert.Equal((request.Method, request.Target, true, true, left), (whole.Method, whole.Target, whole.HasBody, whole.IsForwarded, whole.TimeLeft));
        Assert.Equal(request.Headers.ToFlat(), whole.Headers.ToFlat());
        Assert.Equal(request.Body.ToArray(), whole.Body.ToArray());
        Assert.Equal((request.Method, request.Target, true, true, null), (head.Method, head.Target, head.HasBody, head.IsForwarded, head.TimeLeft));
        Assert.Equal(request.Headers.ToFlat(), head.Headers.ToFlat());
        Assert.False(request.IsForwarded);
    }

    [Fact]
    public void Request_HandedOver_IsNotMarkedAsForwarded()
    {
        var left = TimeSpan.FromMilliseconds(77);
        var request = Transmit(Call()).ToRequest();
        var (whole, head) = (Transmit(request.ToForwardedCall(left, handsOver: true)).ToRequest(), Transmit(request.ToForwardedOpen(Guid.NewGuid(), left, handsOver: true)).ToHead());

        Assert.Equal((false, left, false, left), (whole.IsForwarded, whole.TimeLeft, head.IsForwarded, head.TimeLeft));
    }

    [Fact]
    public void Piece_ThroughTheWire_IsTheOneThatWasRead()
    {
        var piece = new StreamPiece(201, new HeaderBlock(["x-a", "1"]), new byte[] { 7 }, new HeaderBlock(["grpc-status", "0"]), null);
        var heard = Transmit(piece.ToMessage());

        Assert.Equal((201, 1, 7), (heard.Status, heard.Bytes.Length, heard.Bytes.Span[0]));
        Assert.Equal(["x-a", "1"], heard.Headers!);
        Assert.Equal(["grpc-status", "0"], heard.Trailers!);
        Assert.Null(heard.Failure);
    }

    [Fact]
    public void Piece_WithNothingToTell_StaysEmpty()
    {
        var heard = Transmit(StreamPiece.Nothing.ToMessage());

        Assert.True(heard is { Status: 0, Headers: null, Bytes.IsEmpty: true, Trailers: null, Failure: null });
    }

    [Fact]
    public void Message_AtAllItsBounds_IsFarFromWhatOrleansTakes()
    {
        var message = new CallMessage
        {
            Method = "POST",
            Target = "/",
            Headers = ["x-large", new string('\u00ff', WireLimits.MaxHeaderChars)],
            HasBody = true,
            Body = Filler.Of(WireLimits.MaxBodyBytes),
        };

        Assert.InRange(Serializer.SerializeToArray(message).Length, WireLimits.MaxBodyBytes + WireLimits.MaxHeaderChars, OrleansTakes / 50);
    }

    private static Dictionary<string, object> Messages()
    {
        var failure = new FailureMessage { Code = 21, Stage = 1, GrpcStatus = 8, Detail = "full", RetryAfter = TimeSpan.FromSeconds(2) };
        var whole = new PieceMessage { Status = 200, Headers = ["x-a", "1"], Bytes = new byte[] { 1, 2 }, Trailers = ["grpc-status", "0"] };
        var sample = new LoadSampleMessage
        {
            Span = TimeSpan.FromSeconds(1), Good = 1, Timeouts = 2, PushBacks = 3, Failures = 4, Ignored = 5, InFlightSeconds = 6.5, StreamSeconds = 7.5,
            PeakInFlight = 8, BoundSeconds = 9.5, WaitingSeconds = 10.5, Waited = 11, Refused = 12, OldestOpen = TimeSpan.FromSeconds(13), Permits = 14,
            RoundTrip = TimeSpan.FromMilliseconds(15), TimeoutSeconds = 1.5, Asked = 16, ResponseTimes = [new ResponseTimesMessage { MethodClass = 1, Sum = TimeSpan.FromSeconds(2), Buckets = [3, 4, 5, 6] }],
        };
        var orders = new OrdersMessage { Number = 1, IsPaused = true, IsDrained = true, Limit = 2, Cap = 3, Mode = 1, Evictions = 4, Reconnects = 5 };
        return new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["beat"] = new BeatMessage { SiloRun = -7, Gateway = "10.0.0.1:30000" },
            ["call"] = Call(),
            ["call without a body"] = new CallMessage { Method = "GET", Target = "/", Headers = [] },
            ["failure"] = failure,
            ["failure without a wait"] = new FailureMessage { Code = 99, Detail = "" },
            ["forwarded call"] = new CallMessage { Method = "GET", Target = "/", Headers = [], IsForwarded = true, TimeLeft = TimeSpan.FromSeconds(1), ClientId = "a", MayBeHandedOver = true },
            ["forwarded open"] = new OpenMessage { Stream = Guid.NewGuid(), Method = "PUT", Target = "/c", Headers = [], IsForwarded = true, TimeLeft = TimeSpan.FromSeconds(1), MayBeHandedOver = true },
            ["failure with a share elsewhere"] = new FailureMessage { Code = 24, Detail = "", Holders = ["10.0.0.1:11111"] },
            ["renewal"] = new RenewMessage { Holder = "10.0.0.1:11111", Generation = 2, Number = 3, Epoch = 4, HeldConnections = 5, Floor = 6, HeldPermits = 7, InFlight = 8, Waiting = 9, Rate = 1.5, MinConnections = 10, Sample = sample, Cap = 11, Orders = orders },
            ["last renewal"] = new RenewMessage { Holder = "10.0.0.1:11111", IsLeaving = true },
            ["sample"] = sample,
            ["response times"] = sample.ResponseTimes[0],
            ["share"] = new ShareMessage { Number = 1, Epoch = 2, Permits = 3, Connections = 4, Floor = 5, FloorPermits = 6, TimeToLive = TimeSpan.FromSeconds(7), RenewAfter = TimeSpan.FromSeconds(8), Limit = 9, Turn = 0.5 },
            ["report query"] = new ReportQueryMessage { Json = [1, 2] },
            ["report"] = new ReportMessage { Json = [3, 4] },
            ["order"] = new OrderMessage { Verb = 5, Number = 40, Mode = 2, IsKept = true },
            ["orders"] = orders,
            ["share with orders"] = new ShareMessage { Number = 1, Orders = orders },
            ["share of none"] = new ShareMessage { ForwardTo = ["10.0.0.2:11111"] },
            ["view"] = new BudgetViewMessage { Json = [1, 2] },
            ["no view"] = new BudgetViewMessage(),
            ["open"] = new OpenMessage { Stream = Guid.NewGuid(), Method = "PUT", Target = "/c", Headers = ["x-b", ""] },
            ["opened"] = new OpenedMessage { SiloRun = int.MaxValue },
            ["not opened"] = new OpenedMessage { SiloRun = 1, Failure = failure },
            ["whole answer"] = whole,
            ["nothing"] = new PieceMessage(),
            ["broken off"] = new PieceMessage { Bytes = new byte[] { 3 }, Failure = failure },
            ["reply"] = new ReplyMessage { SiloRun = 3, First = whole },
            ["reply with a rest"] = new ReplyMessage { SiloRun = 3, First = new PieceMessage { Status = 200, Headers = [] }, Rest = Guid.NewGuid() },
            ["write"] = new WriteMessage { Stream = Guid.NewGuid(), Bytes = new byte[] { 4, 5 } },
            ["last write"] = new WriteMessage { Stream = Guid.NewGuid(), IsLast = true },
            ["written"] = new WrittenMessage(),
            ["not written"] = new WrittenMessage { Failure = failure },
        };
    }

    private static CallMessage Call() => new() { Method = "POST", Target = "/a?b", Headers = ["x-a", "1", "x-a", "2"], HasBody = true, Body = new byte[] { 1, 2, 3 } };

    private static string Text(object message) => JsonSerializer.Serialize(message, message.GetType());

    private T Transmit<T>(T message)
        where T : class => Serializer.Deserialize<T>(Serializer.SerializeToArray(message))!;
}
