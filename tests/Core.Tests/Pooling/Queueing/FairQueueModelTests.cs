namespace OrleansPool.Core.Tests.Pooling.Queueing;

/// <summary>Random comings and goings against a queue that looks everything up.</summary>
public class FairQueueModelTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Queue_WhateverHappens_KeepsCountOrderAndEveryGuest(bool isFair)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var test = new QueueUnderTest(isFair ? QueueUnderTest.Fair(100, ("c2", 4), ("c5", 2)) : null);
        for (var step = 0; step < 30_000; step++)
        {
            var dice = random.Next(100);
            if (dice < 52) test.Join($"c{random.Next(8)}");
            else if (dice < 85 && test.Standing.Count > 0) CheckServed(test, isFair, $"seed {seed}, step {step}");
            else if (test.Standing.Count > 0) test.Leave(test.Standing[random.Next(test.Standing.Count)]);
            if (random.Next(2_000) == 0) test.Serve(test.Standing.Count);
            Assert.Equal(test.Standing.Count, test.Queue.Count);
        }

        while (test.Standing.Count > 0) CheckServed(test, isFair, $"seed {seed}, at the end");
        Assert.True(test.Queue.IsEmpty);
    }

    [Fact]
    public void PositionOf_IsHowManyAreServedUntilANewcomerIs()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var test = new QueueUnderTest(QueueUnderTest.Fair(100, ("c1", 3)));
            for (var n = random.Next(1, 60); n > 0; n--) test.Join($"c{random.Next(4)}");
            test.Serve(random.Next(test.Standing.Count));
            var caller = $"c{random.Next(5)}";
            var told = test.Queue.PositionOf(caller);
            var newcomer = test.Join(caller);
            var truth = 1;
            while (test.Serve() != newcomer) truth++;
            Assert.True(told <= truth && truth - told <= 4, $"seed {seed}, round {round}: told {told}, was {truth}");
        }
    }

    [Fact]
    public void PositionOf_WithoutRules_IsBehindEverybody()
    {
        var test = new QueueUnderTest();
        Assert.Equal(1, test.Queue.PositionOf("a"));
        test.Join("a", 4);
        Assert.Equal(5, test.Queue.PositionOf("b"));
    }

    private static void CheckServed(QueueUnderTest test, bool isFair, string when)
    {
        var standing = test.Standing.ToList();
        var served = test.Serve();
        var first = isFair ? standing.First(guest => guest.Caller == served.Caller) : standing[0];
        Assert.True(first == served, $"{when}: {served} was served before {first}");
    }
}
