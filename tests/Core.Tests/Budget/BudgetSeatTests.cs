using OrleansPool.Core.Budget;

namespace OrleansPool.Core.Tests.Budget;

public class BudgetSeatTests
{
    private readonly ClusterUnderTest _cluster = new();

    [Fact]
    public async Task Endpoint_NeverHeldBefore_IsDealtAtOnce()
    {
        await _cluster.Pass(1, "one");
        Assert.Equal((100, 1L), await Shown(_cluster.Renew("one", "a", inFlight: 100, waiting: 1)));
    }

    [Fact]
    public async Task Silo_WithoutALease_DoesNotAnswer() => Assert.Null(await _cluster.Renew("one", "a", inFlight: 5));

    [Fact]
    public async Task Crash_OfTheOwner_IsFollowedByWaitingForItsLease_ThenLearning()
    {
        await _cluster.Pass(1, "one", "two");
        var share = await _cluster.Renew("one", "a", inFlight: 100, waiting: 1);
        Assert.Null(await _cluster.Renew("two", "a", inFlight: 100, waiting: 1));
        await _cluster.Pass(3.5, "two");
        Assert.Null(await _cluster.Renew("two", "a", inFlight: 100, waiting: 1));
        await _cluster.Pass(0.5, "two");
        var reply = await _cluster.Renew("two", "a", inFlight: 100, waiting: 1);
        Assert.Equal((2L, share!.Permits, share.Connections), (reply!.Epoch, reply.Permits, reply.Connections));
        Assert.Equal(BudgetMode.Learning, _cluster.Seat("two").View()!.Mode);
        Assert.Equal(0, (await _cluster.Renew("two", "b", waiting: 50))!.Connections);
    }

    [Fact]
    public async Task Owner_WhoseLeaseWasFenced_AnswersNoMore()
    {
        await _cluster.Pass(1, "one", "two");
        await _cluster.Renew("one", "a", inFlight: 5);
        for (var step = 0; step < 10; step++)
        {
            await _cluster.Pass(0.5, "two");
            await _cluster.Renew("two", "b", inFlight: 5);
        }

        Assert.True(_cluster.Seat("two").IsHeld);
        Assert.Null(await _cluster.Renew("one", "a", inFlight: 5));
        await _cluster.Pass(5, "one", "two");
        Assert.Null(await _cluster.Renew("one", "a", inFlight: 5));
        Assert.False(_cluster.Seat("one").IsHeld);
    }

    [Fact]
    public async Task Owner_ThatStopsCleanly_LeavesNeitherWaitNorLearning_AndTheLedger()
    {
        await _cluster.Pass(1, "one", "two");
        var share = await _cluster.Renew("one", "a", inFlight: 100, waiting: 1);
        await _cluster.Seat("one").ReleaseAsync(CancellationToken.None);
        Assert.Null(await Answer("one"));
        var reply = await _cluster.Renew("two", "b", waiting: 200);
        Assert.Equal(BudgetMode.Normal, _cluster.Seat("two").View()!.Mode);
        Assert.Equal(16 - share!.Connections, reply!.Connections);
    }

    [Fact]
    public async Task Owner_ThatStopsWhileLearning_LeavesTheLearningToTheNext()
    {
        await Crash_OfTheOwner_IsFollowedByWaitingForItsLease_ThenLearning();
        await _cluster.Seat("two").ReleaseAsync(CancellationToken.None);
        await _cluster.Pass(0.5, "three");
        await _cluster.Renew("three", "b", waiting: 200);
        Assert.Equal(BudgetMode.Learning, _cluster.Seat("three").View()!.Mode);
    }

    [Fact]
    public async Task Handover_WhileTheStoreIsAway_IsMadeUpForLater()
    {
        await _cluster.Pass(1, "one", "two");
        await _cluster.Renew("one", "a", inFlight: 5);
        _cluster.Store.IsAway = true;
        await Assert.ThrowsAsync<TimeoutException>(() => _cluster.Seat("one").ReleaseAsync(CancellationToken.None).AsTask());
        _cluster.Store.IsAway = false;
        await _cluster.Pass(1, "one", "two");
        Assert.NotNull(await _cluster.Renew("two", "a", inFlight: 5));
        Assert.Equal(BudgetMode.Normal, _cluster.Seat("two").View()!.Mode);
    }

    [Fact]
    public async Task Seat_ThatNobodyAsks_HandsOver()
    {
        await _cluster.Pass(1, "one", "two");
        await _cluster.Renew("one", "a", inFlight: 5);
        await _cluster.Pass(14, "one", "two");
        Assert.True(_cluster.Seat("one").IsHeld);
        await _cluster.Pass(2, "one", "two");
        Assert.False(_cluster.Seat("one").IsHeld);
        Assert.NotNull(await _cluster.Renew("two", "a", inFlight: 5));
    }

    [Fact]
    public async Task Store_ThatIsAwayForLongerThanTheLease_SilencesTheOwner_UntilItIsBack()
    {
        await _cluster.Pass(1, "one");
        var share = await _cluster.Renew("one", "a", inFlight: 100, waiting: 1);
        _cluster.Store.IsAway = true;
        await _cluster.Pass(2.5, "one");
        Assert.NotNull(await _cluster.Renew("one", "a", inFlight: 100, waiting: 1));
        await _cluster.Pass(1.5, "one");
        Assert.Null(await _cluster.Renew("one", "a", inFlight: 100, waiting: 1));
        Assert.Equal(BudgetMode.Safe, _cluster.Seat("one").View()!.Mode);
        _cluster.Store.IsAway = false;
        await _cluster.Pass(2, "one");
        Assert.Equal((share!.Epoch, share.Permits), ((await _cluster.Renew("one", "a", inFlight: 100, waiting: 1))!.Epoch, _cluster.Allowance("a").Permits));
        Assert.Equal(BudgetMode.Normal, _cluster.Seat("one").View()!.Mode);
    }

    [Fact]
    public async Task Floor_IsDealtOnceTheStoreKnowsOfIt_AndCountsForTheNextAuthority()
    {
        await _cluster.Pass(1, "one", "two");
        Assert.Equal(0, (await _cluster.Renew("one", "a", inFlight: 100, waiting: 1))!.Floor);
        await _cluster.Pass(11, "one", "two");
        Assert.Equal(8, (await _cluster.Renew("one", "a", inFlight: 100, waiting: 1))!.Floor);

        // From here on neither one nor a are heard of, and all is learned that can be learned.
        for (var second = 0; second < 70; second++)
        {
            await _cluster.Pass(1, "two");
            await _cluster.Renew("two", "b", waiting: 200);
        }

        Assert.Equal(BudgetMode.Normal, _cluster.Seat("two").View()!.Mode);
        Assert.Equal(8, (await _cluster.Renew("two", "b", waiting: 200))!.Connections);
        Assert.Equal(8, _cluster.Allowance("a").Connections);
    }

    [Fact]
    public async Task Row_OfASteadyBudget_IsWrittenAtMostEveryTenSeconds()
    {
        await _cluster.Pass(1, "one");
        var before = _cluster.Store.EndpointWrites;
        for (var second = 0; second < 60; second++)
        {
            await _cluster.Renew("one", "a", inFlight: 10 + (second % 7));
            await _cluster.Renew("one", $"b{second / 7}", inFlight: 10);
            await _cluster.Pass(1, "one");
        }

        Assert.InRange(_cluster.Store.EndpointWrites - before, 2, 7);
    }

    [Fact]
    public async Task Write_ThatSeemedToFail_DoesNotLoseTheBudget()
    {
        await _cluster.Pass(1, "one");
        await _cluster.Renew("one", "a", inFlight: 100, waiting: 1);
        _cluster.Store.FailsAfterWrites = true;
        await _cluster.Pass(12, "one");
        _cluster.Store.FailsAfterWrites = false;
        await _cluster.Renew("one", "a", inFlight: 100, waiting: 1);
        await _cluster.Pass(14, "one");
        var reply = await _cluster.Renew("one", "a", inFlight: 100, waiting: 1);
        Assert.Equal((1L, 8), (reply!.Epoch, reply.Floor));
    }

    private async Task<RenewReply?> Answer(string silo) => _cluster.Seat(silo).IsHeld ? await _cluster.Renew(silo, "probe") : null;

    private static async Task<(int Permits, long Epoch)> Shown(Task<RenewReply?> reply) => await reply is { } share ? (share.Permits, share.Epoch) : default;
}
