namespace OrleansPool.Core.Tests.Pooling.Queueing;

/// <summary>First come, first served; or weighted fair over callers, and first come, first served within each.</summary>
public class FairQueueTests
{
    [Fact]
    public void WithoutRules_FirstComeFirstServed_WhoeverCalls()
    {
        var test = new QueueUnderTest();
        test.Join("a", 3);
        test.Join("b", 1);
        test.Join("a", 1);
        Assert.Equal("aaaba", test.Serve(5));
        Assert.True(test.Queue.IsEmpty);
        Assert.Null(test.Queue.First);
        Assert.Throws<InvalidOperationException>(test.Queue.TakeFirst);
    }

    [Fact]
    public void GreedyCaller_DoesNotDelayOneThatComesLater()
    {
        var test = new QueueUnderTest(QueueUnderTest.Fair());
        test.Join("a", 50);
        test.Serve(10);
        test.Join("b", 2);
        Assert.Equal("babaaa", test.Serve(6));
    }

    [Fact]
    public void CallersThatAlwaysWait_AreServedByTheirWeights()
    {
        var test = new QueueUnderTest(QueueUnderTest.Fair(100, ("a", 3), ("b", 1), ("c", 2)));
        foreach (var caller in new[] { "a", "b", "c" }) test.Join(caller, 600);
        var served = test.Serve(600);
        Assert.Equal((300, 100, 200), (served.Count(c => c == 'a'), served.Count(c => c == 'b'), served.Count(c => c == 'c')));
    }

    [Fact]
    public void CallerThatComesBackAtOnce_EachTimeItWasServed_GetsNoMoreThanItsShare()
    {
        var test = new QueueUnderTest(QueueUnderTest.Fair());
        test.Join("a", 200);
        test.Join("b");
        var served = 0;
        for (var n = 0; n < 100; n++)
        {
            if (test.Serve().Caller != "b") continue;
            served++;
            test.Join("b");
        }

        Assert.Equal(50, served);
    }

    [Fact]
    public void HavingBeenAway_EarnsNothing()
    {
        var test = new QueueUnderTest(QueueUnderTest.Fair());
        test.Join("a", 100);
        test.Join("b", 1);
        test.Serve(60);
        test.Join("b", 10);
        Assert.Equal("babababa", test.Serve(8));
    }

    [Fact]
    public void WhenNobodyWaits_TheSlateIsClean()
    {
        var test = new QueueUnderTest(QueueUnderTest.Fair());
        test.Join("a", 50);
        test.Serve(50);
        test.Join("a", 2);
        test.Join("b", 2);
        Assert.Equal("abab", test.Serve(4));
    }

    [Fact]
    public void WithinOneCaller_FirstComeFirstServed_AlsoWhenSomeLeaveFromTheMiddle()
    {
        var test = new QueueUnderTest(QueueUnderTest.Fair());
        var guests = Enumerable.Range(0, 6).Select(_ => test.Join("a")).ToList();
        foreach (var at in new[] { 2, 0, 5 }) test.Leave(guests[at]);
        Assert.False(guests[2].Link.IsQueued);
        Assert.True(guests[1].Link.IsQueued);
        Assert.Equal([guests[1], guests[3], guests[4]], [test.Serve(), test.Serve(), test.Serve()]);
        Assert.Throws<ArgumentException>(() => test.Queue.Remove(guests[2]));
    }

    [Fact]
    public void CallersBeyondTheMaximum_AreServedAsOne()
    {
        var test = new QueueUnderTest(QueueUnderTest.Fair(maxCallers: 2));
        test.Join("a", 4);
        test.Join("b", 4);
        test.Join("c", 2);
        test.Join("d", 2);
        var served = test.Serve(6);
        Assert.Equal((2, 2, 2), (served.Count(c => c == 'a'), served.Count(c => c == 'b'), served.Count(c => c is 'c' or 'd')));
    }

    [Fact]
    public void CallersThatLeft_MakeRoomForNewOnes()
    {
        var test = new QueueUnderTest(QueueUnderTest.Fair(maxCallers: 2));
        test.Join("a", 20);
        for (var n = 0; n < 6; n++)
        {
            test.Join($"{n}");
            test.Serve(4);
        }

        // One that comes now still has a turn of its own: it does not wait behind others that are served as one with it.
        test.Join("x", 1);
        test.Join("y", 3);
        Assert.Equal('x', test.Serve(2).First(c => c != 'a'));
    }

    [Fact]
    public void UnnamedCallers_ShareOneTurn()
    {
        var test = new QueueUnderTest(QueueUnderTest.Fair());
        for (var n = 0; n < 3; n++) test.Join(null);
        test.Join("a", 3);
        Assert.Equal("aaa", test.Serve(6));
        test.Join("", 3);
        test.Join("a", 3);
        Assert.Equal("aa", test.Serve(4));
    }

    [Fact]
    public void OldestSince_IsTheOldestOfAll_NotTheNext()
    {
        var test = new QueueUnderTest(QueueUnderTest.Fair());
        Assert.Null(test.Queue.OldestSince);
        test.Join("a", TimeSpan.FromSeconds(5));
        test.Join("b", TimeSpan.FromSeconds(3));
        Assert.Equal("a", test.Queue.First!.Caller);
        Assert.Equal(TimeSpan.FromSeconds(3), test.Queue.OldestSince);
    }

    [Fact]
    public void Displaced_WhenFull_IsTheLastOfWhoHasMostForItsWeight_OrNobody()
    {
        var test = new QueueUnderTest(QueueUnderTest.Fair(100, ("heavy", 10)));
        Assert.Null(test.Queue.Displaced("a"));
        test.Join("heavy", 8);
        test.Join("a", 3);
        Assert.Same(test.Standing[^1], test.Queue.Displaced("b"));
        Assert.Same(test.Standing[^1], test.Queue.Displaced("heavy"));
        Assert.Null(test.Queue.Displaced("a"));
        Assert.Null(new QueueUnderTest().Queue.Displaced("b"));
    }
}
