using OrleansPool.Core.Calls.Recent;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Tests.Calls.Recent;

/// <summary>What is remembered of calls that went wrong.</summary>
public sealed class CallErrorsTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly CallErrors _errors;

    public CallErrorsTests() => _errors = new CallErrors(_clock);

    [Fact]
    public void Kinds_AreInTheOrderOfStages_TheLatestFirstInEach()
    {
        _errors.AddAnswer("503");
        _errors.Add(FailureCode.QueueFull, Stage.Admit, "full");
        _clock.Advance(TimeSpan.FromSeconds(1));
        _errors.Add(FailureCode.QueueTimeout, Stage.Admit, "late");
        _errors.Add(FailureCode.ConnectFailed, Stage.Connect, "refused");
        Assert.Equal(["QueueTimeout", "QueueFull", "ConnectFailed", "503"], _errors.Now().Select(error => error.Name));
        Assert.Equal([Party.Pool, Party.Pool, Party.Upstream, Party.Upstream], _errors.Now().Select(error => error.Party));
    }

    [Fact]
    public void Kind_SeenAgain_IsCounted_WithItsLastDetail_AndWhenItBegan()
    {
        _errors.Add(FailureCode.QueueFull, Stage.Admit, "one");
        _clock.Advance(TimeSpan.FromMinutes(10));
        _errors.Add(FailureCode.QueueFull, Stage.Admit, "two");
        _clock.Advance(TimeSpan.FromMinutes(10));
        var error = Assert.Single(_errors.Now());
        Assert.Equal((2L, "two", TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(10)), (error.Count, error.Detail, error.FirstAgo, error.LastAgo));
    }

    [Fact]
    public void Kind_NotSeenForItsMemory_IsForgotten_AndBeginsAnew()
    {
        _errors.Add(FailureCode.QueueFull, Stage.Admit, "one");
        _clock.Advance(CallErrors.Memory);
        Assert.Empty(_errors.Now());
        _errors.Add(FailureCode.QueueFull, Stage.Admit, "two");
        Assert.Equal(1, Assert.Single(_errors.Now()).Count);
    }

    [Fact]
    public void Kinds_BeyondTheirMaximum_PushOutTheOldest()
    {
        for (var status = 0; status < 150; status++)
        {
            _errors.AddAnswer($"{status}");
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((100, "149", "50"), (_errors.Now().Count, _errors.Now()[0].Name, _errors.Now()[^1].Name));
    }

    [Fact]
    public void Totals_LeaveOutCallersThatLeft_AndTellWhoNeverHadAConnection()
    {
        _errors.Add(FailureCode.CallerCancelled, Stage.Receive, "left");
        _errors.Add(FailureCode.CallerCancelled, Stage.Admit, "left while it waited");
        _errors.Add(FailureCode.QueueFull, Stage.Admit, "full");
        _errors.Add(FailureCode.UpstreamReset, Stage.Receive, "reset");
        _errors.AddAnswer("500");
        Assert.Equal((3L, 2L), (_errors.Failed, _errors.TurnedAway));
    }
}
