using OrleansPool.Core.Calls.Recent;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Tests.Calls.Recent;

/// <summary>What an endpoint remembers of its last 15 minutes.</summary>
public sealed class CallHistoryTests
{
    private readonly CallErrors _errors = new(new ManualTimeProvider());
    private readonly CallHistory _history;

    public CallHistoryTests() => _history = new CallHistory(_errors);

    [Fact]
    public void Sample_ThatCoversTwoSeconds_IsSharedByThem()
    {
        Add(end: 10.25, span: 1, good: 100, inFlight: 8);
        Assert.Equal([(1, 100.0, 8.0), (0, 100.0, 8.0)], _history.Points(At(10.5)).Select(point => (point.SecondsAgo, point.Calls, point.InFlight)));
    }

    [Fact]
    public void Samples_OfOneSecond_AreAddedUp()
    {
        for (var tenth = 1; tenth <= 10; tenth++) Add(end: 20 + (tenth / 10.0), span: .1, good: tenth, inFlight: .5);
        var point = Assert.Single(_history.Points(At(20.9)));
        Assert.Equal((0, 55.0, 5.0), (point.SecondsAgo, point.Calls, Math.Round(point.InFlight, 1)));
    }

    [Fact]
    public void Second_HasTheLimitThatWasKnown_AndItsResponseTimes()
    {
        Add(end: 10.5, span: .5, good: 10, limit: 7, milliseconds: 20);
        Add(end: 11.5, span: 1, good: 10, limit: 9, milliseconds: 40);
        var points = _history.Points(At(11.5));
        Assert.Equal([9, 9], points.Select(point => point.Limit));
        Assert.InRange(points[0].P50!.Value, 18.75, 21.25);
        Assert.InRange(points[1].P99!.Value, 37.5, 42.5);
    }

    [Fact]
    public void Second_WithoutGoodCalls_HasNoResponseTime()
    {
        Add(end: 11, span: 1, good: 0, inFlight: 3);
        Assert.Equal((null, null), (_history.Points(At(11))[0].P50, _history.Points(At(11))[0].P99));
    }

    [Fact]
    public void Failures_AreThoseSinceTheLastSample_AndCallsTurnedAwayAreCallsToo()
    {
        _errors.Add(FailureCode.QueueFull, Stage.Admit, "");
        Add(end: 1, span: 1, good: 3);
        _errors.AddAnswer("500");
        Add(end: 2, span: 1, good: 4);
        Assert.Equal([(4.0, 1.0), (4.0, 1.0)], _history.Points(At(2)).Select(point => (point.Calls, point.Failed)));
    }

    [Fact]
    public void Endpoint_ThatNobodyCalled_HasNoHistory()
    {
        Add(end: 1, span: 1, good: 0);
        Assert.Empty(_history.Points(At(1)));
        Assert.Equal((0.0, 0L), (_history.Recent(At(1)).CallsPerSecond, _history.Recent(At(1)).ResponseTimes.Count));
    }

    [Fact]
    public void History_GoesBackFifteenMinutes_AndNoFurther()
    {
        for (var second = 1; second <= 2_000; second++) Add(end: second, span: 1, good: second);
        var points = _history.Points(At(2_000));
        Assert.Equal((899, 899, 1), (points.Count, points[0].SecondsAgo, points[^1].SecondsAgo));
        Assert.Equal((1_102.0, 2_000.0), (points[0].Calls, points[^1].Calls));
    }

    [Fact]
    public void Recent_IsTheRateOfTheLastSeconds_AndForgetsWhatIsOlder()
    {
        Add(end: 1, span: 1, good: 1_000, milliseconds: 500);
        for (var second = 20; second <= 25; second++) Add(end: second, span: 1, good: 10, milliseconds: 20);
        var recent = _history.Recent(At(25));
        Assert.Equal(10, recent.CallsPerSecond, 3);
        Assert.InRange(recent.ResponseTimes.Count, 50, 60);
        Assert.InRange(recent.ResponseTimes.Quantile(.99).TotalMilliseconds, 18.75, 21.25);
    }

    private void Add(double end, double span, int good, double inFlight = 0, int limit = 0, double milliseconds = 10)
    {
        var sample = new LoadSample { Span = TimeSpan.FromSeconds(span), Good = good, InFlightSeconds = inFlight };
        if (good > 0) sample.ResponseTimes[3] = new ResponseTimeHistogram();
        for (var call = 0; call < good; call++) sample.ResponseTimes[3]!.Record(TimeSpan.FromMilliseconds(milliseconds));
        _history.Add(sample, limit, At(end));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
