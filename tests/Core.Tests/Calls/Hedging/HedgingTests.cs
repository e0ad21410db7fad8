using System.Globalization;
using System.IO.Pipelines;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Tests.Calls.Hedging;

/// <summary>Calls that may be done twice are sent once more when their answer is late: the first good answer counts, and nothing else of it shows.</summary>
public sealed class HedgingTests
{
    [Fact]
    public async Task LateAnswer_SecondAttemptAtTheOtherAddress_IsAnsweredFirst_AndTheFirstIsCutAndTeachesNothing()
    {
        await using var test = await HedgingUnderTest.StartAsync();
        var call = test.Pipeline.CallAsync();
        var first = await test.AttemptAsync();
        var second = await test.HedgeAsync();
        Assert.Equal([1, 1], test.Connections.Select(connection => connection.Requests));
        await second.AnswerGrpcAsync([7]);
        var (_, body) = await call.Answered();
        Assert.Equal([0, 0, 0, 0, 1, 7], body);
        Assert.Equal(0x8, await first.ResetByClientAsync());
        await test.Pipeline.Settled(End.Good, End.Ignored);
        Assert.Equal((1, 1, 0), (test.Totals.Hedged, test.Totals.HedgesWon, test.Totals.HedgesDenied));
    }

    [Fact]
    public async Task FirstAttempt_AnsweredAfterTheSecondWasSent_Counts_AndTheSecondIsCut()
    {
        await using var test = await HedgingUnderTest.StartAsync();
        var call = test.Pipeline.CallAsync();
        var first = await test.AttemptAsync();
        var second = await test.HedgeAsync();
        await first.AnswerGrpcAsync([7]);
        await call.Answered();
        Assert.Equal(0x8, await second.ResetByClientAsync());
        await test.Pipeline.Settled(End.Good, End.Ignored);
        Assert.Equal((1, 0), (test.Totals.Hedged, test.Totals.HedgesWon));
    }

    [Fact]
    public async Task AnswerInTime_NothingIsSentTwice()
    {
        await using var test = await HedgingUnderTest.StartAsync();
        var call = test.Pipeline.CallAsync();
        await (await test.AttemptAsync()).AnswerGrpcAsync([7]);
        await call.Answered();
        await test.PassInVainAsync();
        await test.Pipeline.Settled(End.Good);
        Assert.Equal((0, 0), (test.Totals.Hedged, test.Totals.HedgesDenied));
    }

    [Theory]
    [InlineData("/other.Service/Unary", false)]
    [InlineData("/test.Service/Unary", true)]
    public async Task CallThatNobodyMarked_OrWhoseBodyIsStillArriving_IsSentOnce(string target, bool isArriving)
    {
        await using var test = await HedgingUnderTest.StartAsync();
        var template = EndpointUnderTest.Request([0, 0, 0, 0, 0]);
        var request = new CallRequest
        {
            Method = "POST", Target = target, Headers = template.Headers, HasBody = true, Body = template.Body, BodyReader = isArriving ? PipeReader.Create(Stream.Null) : null,
        };
        var call = test.Pipeline.CallAsync(request);
        var only = await test.AttemptAsync();
        await test.PassInVainAsync();
        await only.AnswerGrpcAsync([7]);
        await call.Answered();
        Assert.Equal((1, 0, 0), (test.Connections.Sum(connection => connection.Requests), test.Totals.Hedged, test.Totals.HedgesDenied));
    }

    [Theory]
    [InlineData(true, "true", 1)]
    [InlineData(true, "false", 0)]
    [InlineData(false, "true", 0)]
    public async Task MarkOfTheCaller_CountsWhereTheEndpointSaysSo_AndNoUpstreamSeesIt(bool byCaller, string mark, int hedges)
    {
        await using var test = await HedgingUnderTest.StartAsync(configure: options => (options.Methods, options.ByCaller) = (byCaller ? [] : ["/other.Service/*"], byCaller));
        var call = test.Pipeline.CallAsync(default, (CallMarks.Idempotent, mark));
        var first = await test.AttemptAsync();
        Assert.Null(first[CallMarks.Idempotent]);
        if (hedges > 0) await test.HedgeAsync();
        else await test.PassInVainAsync();
        await first.AnswerGrpcAsync([7]);
        await call.Answered();
        Assert.Equal(hedges, test.Totals.Hedged);
    }

    [Theory]
    [InlineData("GET", 1)]
    [InlineData("POST", 0)]
    public async Task HttpPath_Alone_MeansGet(string method, int hedges)
    {
        await using var test = await HedgingUnderTest.StartAsync(Protocol.Http2);
        var call = test.Pipeline.CallAsync(new CallRequest { Method = method, Target = "/test.Service/x?y=1", Headers = new HeaderBlock() });
        var first = await test.AttemptAsync();
        if (hedges > 0) await test.HedgeAsync();
        else await test.PassInVainAsync();
        await first.HeadOnlyAsync();
        await call.Answered();
        Assert.Equal(hedges, test.Totals.Hedged);
    }

    [Fact]
    public async Task Attempts_AreAsManyAsConfigured_EachAfterAnotherDelay()
    {
        await using var test = await HedgingUnderTest.StartAsync(configure: options => options.MaxAttempts = 3);
        var call = test.Pipeline.CallAsync();
        var first = await test.AttemptAsync();
        await test.HedgeAsync();
        var third = await test.HedgeAsync();
        await test.PassInVainAsync();
        Assert.Equal((3, 2), (test.Connections.Sum(connection => connection.Requests), test.Totals.Hedged));
        await third.AnswerGrpcAsync([7]);
        await call.Answered();
        await first.ResetByClientAsync();
        await test.Pipeline.Settled(End.Good, End.Ignored, End.Ignored);
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(8, 1)]
    [InlineData(9, 0)]
    public async Task Permits_ATenthStaysForFirstAttempts(int inFlight, int hedges)
    {
        // Of 11 with 8 others in flight 2 are free, of 20 with 10 even 9; of 11 with 9 it is 1.
        await using var test = await HedgingUnderTest.StartAsync();
        test.Pipeline.Pool.Apply(new PoolShare(inFlight == 10 ? 20 : 11, 2));
        for (var n = 0; n < inFlight; n++) await test.Pipeline.Pool.AcquireAsync(new Admission(Deadline.None), default);
        var call = test.Pipeline.CallAsync();
        var first = await test.AttemptAsync();
        if (hedges > 0) await test.HedgeAsync();
        else await test.PassAsync(() => test.Totals.HedgesDenied == 1, "the second attempt to be denied");
        await first.AnswerGrpcAsync([7]);
        await call.Answered();
        Assert.Equal((hedges, 1 - hedges), (test.Totals.Hedged, test.Totals.HedgesDenied));
        await Eventually.HoldsAsync(() => test.Pipeline.Limiter.InFlight == inFlight, "the call's permits to come back");
    }

    [Fact]
    public async Task CallsThatWait_AreServedBeforeAnyHedge()
    {
        await using var test = await HedgingUnderTest.StartAsync();
        var call = test.Pipeline.CallAsync();
        var first = await test.AttemptAsync();
        test.Pipeline.Pool.Apply(new PoolShare(1, 2));
        var waiting = test.Pipeline.CallAsync();
        await test.PassAsync(() => test.Totals.HedgesDenied > 0, "the second attempt to be denied");
        await first.AnswerGrpcAsync([7]);
        await call.Answered();
        await (await test.AttemptAsync()).AnswerGrpcAsync([7]);
        await waiting.Answered();
        Assert.Equal(0, test.Totals.Hedged);
    }

    [Fact]
    public async Task RetryBudget_UsedUp_SendsNothingMore_AndWhatWasNotSentIsNotSpent()
    {
        var retry = new RetryOptions { BudgetShare = 0, BudgetPerSecond = 1 };
        await using var test = await HedgingUnderTest.StartAsync(retry: retry);

        // Ten attempts that find no permit, then ten that do, then none.
        for (var n = 0; n < 21; n++)
        {
            test.Pipeline.Pool.Apply(new PoolShare(n < 10 ? 1 : 100, 2));
            var call = test.Pipeline.CallAsync();
            var first = await test.AttemptAsync();
            var before = test.Totals.Hedged + test.Totals.HedgesDenied;
            await test.PassAsync(() => test.Totals.Hedged + test.Totals.HedgesDenied > before, "a second attempt, or none");
            if (n is >= 10 and < 20) await (await test.AttemptAsync()).AnswerGrpcAsync([7]);
            else await first.AnswerGrpcAsync([7]);
            await call.Answered();
        }

        Assert.Equal((10, 11), (test.Totals.Hedged, test.Totals.HedgesDenied));
    }

    [Fact]
    public async Task PushBack_WhileAnotherAttemptIsUnderWay_IsNoAnswer()
    {
        await using var test = await HedgingUnderTest.StartAsync();
        var call = test.Pipeline.CallAsync();
        var first = await test.AttemptAsync();
        var second = await test.HedgeAsync();
        await second.HeadOnlyAsync(("grpc-status", "8"));
        await test.PassInVainAsync();
        Assert.False(call.IsCompleted);
        await first.AnswerGrpcAsync([7]);
        var (answer, _) = await call.Answered();
        Assert.Contains("0", answer.Trailers.All("grpc-status"));
        await Eventually.HoldsAsync(() => test.Pipeline.Limiter.InFlight == 0, "the permits to come back");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PushBack_WithNothingBetter_IsTheAnswer_WhicheverEndsFirst(bool pushBackFirst)
    {
        await using var test = await HedgingUnderTest.StartAsync();
        var call = test.Pipeline.CallAsync();
        var (one, other) = (await test.AttemptAsync(), await test.HedgeAsync());
        if (!pushBackFirst) await one.ResetAsync(0x2);
        await other.HeadOnlyAsync(("grpc-status", "8"));
        await test.PassInVainAsync();
        if (pushBackFirst) await one.ResetAsync(0x2);
        var (answer, _) = await call.Answered();
        Assert.Contains("8", answer.Headers.All("grpc-status"));
        await test.Pipeline.Settled(End.PushBack, End.Failure);
    }

    [Theory]
    [InlineData("8", End.PushBack)]
    [InlineData("0", End.Ignored)]
    public async Task AnswerThatIsDiscarded_TeachesWhatItsHeadSays_IfThatIsThatItWasNotDone(string status, End expected)
    {
        await using var test = await HedgingUnderTest.StartAsync();
        var call = test.Pipeline.CallAsync();
        await (await test.AttemptAsync()).HeadOnlyAsync(("grpc-status", status));
        await ((PooledResponse)await call.Begun()).DiscardAsync();
        await test.Pipeline.Settled(expected);
    }

    [Fact]
    public async Task PushBack_OfTheOnlyAttempt_IsTheAnswerAtOnce()
    {
        await using var test = await HedgingUnderTest.StartAsync();
        var call = test.Pipeline.CallAsync();
        await (await test.AttemptAsync()).HeadOnlyAsync(("grpc-status", "8"));
        var (answer, _) = await call.Answered();
        Assert.Contains("8", answer.Headers.All("grpc-status"));
        await test.Pipeline.Settled(End.PushBack);
    }

    [Theory]
    [InlineData("5000", 5)]
    [InlineData("-1", 60)]
    public async Task PushBack_WithATimeToWait_StopsHedgingForThatLong(string milliseconds, int seconds)
    {
        await using var test = await HedgingUnderTest.StartAsync();
        var refused = test.Pipeline.CallAsync();
        await (await test.AttemptAsync()).HeadOnlyAsync(("grpc-status", "14"), ("grpc-retry-pushback-ms", milliseconds));
        await refused.Answered();

        var call = test.Pipeline.CallAsync();
        var first = await test.AttemptAsync();
        await test.PassInVainAsync();
        Assert.Equal((0, 0), (test.Totals.Hedged, test.Totals.HedgesDenied));
        await first.AnswerGrpcAsync([7]);
        await call.Answered();

        test.Pipeline.Clock.Advance(TimeSpan.FromSeconds(seconds));
        call = test.Pipeline.CallAsync();
        first = await test.AttemptAsync();
        await test.HedgeAsync();
        await first.AnswerGrpcAsync([7]);
        await call.Answered();
    }

    [Fact]
    public async Task PushBack_OfHttp_UntilADate_StopsHedgingUntilThen()
    {
        await using var test = await HedgingUnderTest.StartAsync(Protocol.Http2, options => options.Methods = ["POST /test.Service/*"]);
        var refused = test.Pipeline.CallAsync();
        var date = test.Pipeline.Clock.GetUtcNow() + TimeSpan.FromSeconds(5);
        await (await test.AttemptAsync()).HeadOnlyAsync(429, ("retry-after", date.ToString("R", CultureInfo.InvariantCulture)));
        await refused.Answered();

        var call = test.Pipeline.CallAsync();
        var first = await test.AttemptAsync();
        await test.PassInVainAsync();
        Assert.Equal(0, test.Totals.Hedged);
        await first.HeadOnlyAsync();
        await call.Answered();

        test.Pipeline.Clock.Advance(TimeSpan.FromSeconds(5));
        call = test.Pipeline.CallAsync();
        first = await test.AttemptAsync();
        await test.HedgeAsync();
        await first.HeadOnlyAsync();
        await call.Answered();
    }

    [Fact]
    public async Task AttemptThatFails_WhileAnotherIsUnderWay_FailsNothing()
    {
        await using var test = await HedgingUnderTest.StartAsync();
        var call = test.Pipeline.CallAsync();
        var first = await test.AttemptAsync();
        var second = await test.HedgeAsync();
        await first.ResetAsync(0x2);
        await Eventually.HoldsAsync(() => test.Pipeline.Limiter.InFlight == 1, "the first attempt to end");
        await test.PassInVainAsync();
        Assert.False(call.IsCompleted);
        await second.AnswerGrpcAsync([7]);
        await call.Answered();
        await test.Pipeline.Settled(End.Good, End.Failure);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AllFail_OneRefusedAndOnePerhapsDone_IsNotRetryable_WhicheverWasFirst(bool refusedFirst)
    {
        await using var test = await HedgingUnderTest.StartAsync();
        var call = test.Pipeline.CallAsync();
        var first = await test.AttemptAsync();
        var second = await test.HedgeAsync();
        await first.ResetAsync(refusedFirst ? 0x7 : 0x2);
        await Eventually.HoldsAsync(() => test.Pipeline.Limiter.InFlight == 1, "the first attempt to end");
        await second.ResetAsync(refusedFirst ? 0x2 : 0x7);
        await call.Failed(FailureCode.UpstreamReset);
        await test.Pipeline.Settled(End.Failure, End.Ignored);
        Assert.Equal(2, test.Connections.Sum(connection => connection.Requests));
    }

    [Fact]
    public async Task CallerLeaves_AllAttemptsAreCut()
    {
        await using var test = await HedgingUnderTest.StartAsync();
        using var caller = new CancellationTokenSource();
        var call = test.Pipeline.CallAsync(caller.Token);
        var first = await test.AttemptAsync();
        var second = await test.HedgeAsync();
        await caller.CancelAsync();
        await call.Failed(FailureCode.CallerCancelled);
        Assert.Equal((0x8, 0x8), (await first.ResetByClientAsync(), await second.ResetByClientAsync()));
        await test.Pipeline.Settled(End.Ignored, End.Ignored);
    }

    [Fact]
    public async Task Deadline_EndsAllAttempts_AndTheAnswerThatHasBegun()
    {
        await using var test = await HedgingUnderTest.StartAsync();
        var call = test.Pipeline.CallAsync(default, ("grpc-timeout", "10S"));
        await test.AttemptAsync();
        var second = await test.HedgeAsync();
        Assert.True(GrpcTimeout.TryParse(second["grpc-timeout"]!, out var left));
        Assert.True(left <= TimeSpan.FromSeconds(10) - HedgingUnderTest.Delay);
        await second.HeadAsync();
        var answer = await call.Begun();
        var reading = answer.ReadAsync(new byte[10]).AsTask();
        Assert.False(reading.IsCompleted);
        test.Pipeline.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(FailureCode.DeadlineAtUpstream, (await reading.InTime("the deadline")).Failure!.Code);
        await answer.DisposeAsync();
        Assert.Equal(0x8, await second.ResetByClientAsync());
    }
}
