using OrleansPool.Core.Calls.Recent;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Model;
using OrleansPool.Core.Tests.Calls;
using OrleansPool.Testing.Http1;

namespace OrleansPool.Core.Tests.Hosting;

/// <summary>What a pool saw goes to the budget whole, however often somebody looks in between.</summary>
public sealed class ShareTargetTests : IAsyncDisposable
{
    private readonly Http1Upstream _upstream = Http1Upstream.Start();

    public ValueTask DisposeAsync() => _upstream.DisposeAsync();

    [Fact]
    public async Task Look_BetweenTwoSamples_TakesNothingFromThem_AndBringsTheHistoryUpToNow()
    {
        await using var test = new PipelineUnderTest(_upstream.Address, Protocol.Http1);
        var history = new CallHistory(new CallErrors(test.Clock));
        var target = new ShareTarget(test.Pool, test.Clock, history: history);
        _ = test.Pool.TakeSample();

        var connection = await CallAsync(test, null);
        test.Clock.Advance(TimeSpan.FromSeconds(1));
        target.Look(test.Clock.MonotonicNow());
        Assert.Equal(1, Calls());
        await CallAsync(test, connection);
        test.Clock.Advance(TimeSpan.FromSeconds(1));
        target.Look(test.Clock.MonotonicNow());
        target.Look(test.Clock.MonotonicNow());
        var sample = target.TakeSample(test.Clock.MonotonicNow())!;

        Assert.Equal((2L, 2L, TimeSpan.FromSeconds(2)), (sample.Good, sample.ResponseTimes.Sum(times => times?.Count ?? 0), sample.Span));
        Assert.Equal(2, Calls());
        Assert.Equal(0, target.TakeSample(test.Clock.MonotonicNow())!.Good);

        long Calls() => history.Recent(test.Clock.MonotonicNow()).ResponseTimes.Count;
    }

    private async Task<Http1UpstreamConnection> CallAsync(PipelineUnderTest test, Http1UpstreamConnection? connection)
    {
        var call = test.CallAsync(new CallRequest { Method = "GET", Target = "/", Headers = new HeaderBlock() });
        connection ??= await _upstream.ConnectionAsync();
        await (await connection.RequestAsync()).AnswerAsync(200);
        await call.Answered();
        return connection;
    }
}
