using OrleansPool.Core.Budget;

namespace OrleansPool.Core.Tests.Budget;

public class ShareRenewalTests
{
    [Fact]
    public async Task Start_AsksAtOnce_AndAppliesTheShare()
    {
        await using var loop = new RenewalUnderTest();
        var start = loop.Now;
        loop.Renewal.Start();
        await Eventually.HoldsAsync(() => !loop.Applied.IsEmpty, "the share is applied");
        Assert.Equal((start, 1L), (loop.Requests.First().At, loop.Requests.First().Request.Number));
        Assert.Equal((50, 5), (loop.Applied.First().Allowance.Permits, loop.Applied.First().Allowance.Connections));
    }

    [Fact]
    public async Task Holder_WithCalls_RenewsEverySecond()
    {
        await using var loop = new RenewalUnderTest();
        loop.Renewal.Start();
        await loop.PassUntil(() => loop.Requests.Count == 4, "the fourth request");
        Assert.InRange(loop.Requests.Last().At - loop.Requests.First().At, TimeSpan.FromSeconds(3) - RenewalUnderTest.Late, TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task Holder_WhoseCallsEnd_GivesBackBeforeTheSecondIsOver()
    {
        await using var loop = new RenewalUnderTest { Calls = new(40, 0, 40, 0) };
        loop.Renewal.Start();
        await Eventually.HoldsAsync(() => !loop.Applied.IsEmpty, "the share is applied");
        await loop.PassUntil(() => loop.Now - loop.Requests.First().At >= TimeSpan.FromMilliseconds(100), "the loop sleeps");
        loop.Calls = new(3, 0, 40, 0);
        await loop.PassUntil(() => loop.Now - loop.Requests.First().At >= TimeSpan.FromMilliseconds(900), "most of a second");
        await Eventually.HoldsAsync(() => loop.Requests.Count >= 2, "a request although nobody woke the loop");
    }

    [Fact]
    public async Task Wake_WhenCallsBeginToWait_AsksAtOnce()
    {
        await using var loop = new RenewalUnderTest();
        loop.Renewal.Start();
        await loop.PassUntil(() => loop.Requests.Count == 2, "the second request");
        await loop.PassUntil(() => loop.Now - loop.Requests.Last().At >= TimeSpan.FromMilliseconds(20), "the least spacing");
        loop.Calls = new(50, 1, 5, 0);
        loop.Renewal.Wake();
        await Eventually.HoldsAsync(() => loop.Requests.Count == 3, "a request without any time passing");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Budget_ThatDoesNotAnswer_IsAskedAgain_AndTheShareLivesOn(bool throws)
    {
        await using var loop = new RenewalUnderTest();
        loop.Renewal.Start();
        await Eventually.HoldsAsync(() => !loop.Applied.IsEmpty, "the share is applied");
        loop.Answer = _ => throws ? throw new TimeoutException("the budget's silo is gone") : new((RenewReply?)null);
        await loop.PassUntil(() => loop.Requests.Count == 6, "five more requests");
        Assert.InRange(loop.Now - loop.Requests.First().At, TimeSpan.FromSeconds(5) - RenewalUnderTest.Late, TimeSpan.FromSeconds(12));
        Assert.Single(loop.Applied);
    }

    [Fact]
    public async Task Lease_OfAHolderWhoseRequestsHang_EndsOnTime()
    {
        await using var loop = new RenewalUnderTest();
        loop.Renewal.Start();
        await Eventually.HoldsAsync(() => !loop.Applied.IsEmpty, "the share is applied");
        var sent = loop.Requests.Last().At;
        loop.Answer = _ => new(new TaskCompletionSource<RenewReply?>().Task);
        await loop.PassUntil(() => loop.Applied.Count == 3, "the lease ended");
        Assert.Equal([(5, false), (2, false), (2, true)], loop.Applied.Select(applied => (applied.Allowance.Connections, applied.Allowance.MustSever)));
        Assert.InRange(loop.Applied.ElementAt(1).At - sent, TimeSpan.FromSeconds(28), TimeSpan.FromSeconds(29.9));
        Assert.InRange(loop.Applied.ElementAt(2).At - sent, TimeSpan.FromSeconds(30) - RenewalUnderTest.Late, TimeSpan.FromSeconds(36));
    }

    [Fact]
    public async Task Process_ThatStoodStillBeyondItsLease_SeversBeforeItAsks()
    {
        await using var loop = new RenewalUnderTest();
        loop.Renewal.Start();
        await Eventually.HoldsAsync(() => !loop.Applied.IsEmpty, "the share is applied");
        var severedFirst = new TaskCompletionSource<bool>();
        loop.Answer = request =>
        {
            severedFirst.TrySetResult(loop.Applied.Last().Allowance.MustSever);
            return new(RenewalUnderTest.ReplyTo(request));
        };
        loop.Freeze(TimeSpan.FromSeconds(40));
        Assert.True(await Eventually.InTime(severedFirst.Task, "a request after waking"));
    }

    [Fact]
    public async Task Leave_GivesTheShareBack_AndEndsTheLoop()
    {
        await using var loop = new RenewalUnderTest();
        loop.Renewal.Start();
        await Eventually.HoldsAsync(() => !loop.Applied.IsEmpty, "the share is applied");
        await loop.Renewal.LeaveAsync(CancellationToken.None);
        Assert.True(loop.Requests.Last().Request.IsLeaving);
    }

    [Fact]
    public async Task Leave_WithoutAnAnswer_IsNoError()
    {
        await using var loop = new RenewalUnderTest();
        loop.Renewal.Start();
        loop.Answer = _ => throw new TimeoutException("the budget's silo is gone");
        await loop.Renewal.LeaveAsync(CancellationToken.None);
        Assert.True(loop.Requests.Last().Request.IsLeaving);
    }
}
