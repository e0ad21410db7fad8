using OrleansPool.Core.Pooling.Queueing;

namespace OrleansPool.Core.Tests.Pooling.Queueing;

public class AnswerTimesTests
{
    [Fact]
    public void Needed_IsThatOfTheClassAlone()
    {
        var answers = new AnswerTimes();
        for (var call = 0; call < 16; call++)
        {
            answers.Answered(0, TimeSpan.FromMilliseconds(5));
            answers.Answered(1, TimeSpan.FromMilliseconds(500));
        }

        // The first answer deviates from nothing by all of itself: a sixteenth of that, four times.
        answers.Unanswered(2, TimeSpan.FromMilliseconds(20));
        Assert.Equal([6.25, 625, 40, 0], Enumerable.Range(0, 4).Select(methodClass => answers.Needed(methodClass).TotalMilliseconds));
    }
}
