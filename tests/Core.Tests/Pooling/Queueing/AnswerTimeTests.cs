using OrleansPool.Core.Pooling.Queueing;

namespace OrleansPool.Core.Tests.Pooling.Queueing;

public class AnswerTimeTests
{
    [Fact]
    public void Needed_FewAnswers_SaysNothing()
    {
        var answer = new AnswerTime();
        for (var call = 0; call < 15; call++) answer.Answered(TimeSpan.FromMilliseconds(50));
        Assert.Equal(TimeSpan.Zero, answer.Needed);
    }

    [Fact]
    public void Needed_NothingAnsweredYet_IsTwiceWhatWasTooLittle_AndNoMoreOnceAnswersTell()
    {
        var answer = new AnswerTime();
        answer.Unanswered(TimeSpan.FromMilliseconds(7));
        answer.Unanswered(TimeSpan.FromMilliseconds(3));
        Assert.Equal(14, answer.Needed.TotalMilliseconds);
        for (var call = 0; call < 16; call++) answer.Answered(TimeSpan.FromMilliseconds(5));
        Assert.InRange(answer.Needed.TotalMilliseconds, 5, 7);
    }

    [Fact]
    public void Needed_AllAlike_IsTheirResponseTime()
    {
        var answer = new AnswerTime();
        for (var call = 0; call < 1000; call++) answer.Answered(TimeSpan.FromMilliseconds(50));
        Assert.InRange(answer.Needed.TotalMilliseconds, 50, 51);
    }

    [Fact]
    public void Needed_TwoKinds_IsMeanAndFourDeviations()
    {
        var answer = new AnswerTime();
        for (var call = 0; call < 1000; call++) answer.Answered(TimeSpan.FromMilliseconds(call % 2 == 0 ? 40 : 60));
        Assert.InRange(answer.Needed.TotalMilliseconds, 88, 92);
    }

    [Fact]
    public void Needed_UpstreamBecomesSlower_FollowsWithinAFewHundredCalls()
    {
        var answer = new AnswerTime();
        for (var call = 0; call < 1000; call++) answer.Answered(TimeSpan.FromMilliseconds(50));
        for (var call = 0; call < 300; call++) answer.Answered(TimeSpan.FromMilliseconds(150));
        Assert.True(answer.Needed > TimeSpan.FromMilliseconds(149), $"{answer.Needed}");
    }
}
