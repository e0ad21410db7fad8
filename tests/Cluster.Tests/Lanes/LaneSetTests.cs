using System.Net;
using OrleansPool.Client.Hosting;
using OrleansPool.Client.Lanes;

namespace OrleansPool.Cluster.Tests.Lanes;

/// <summary>Which lane a call takes, and how the loss of a silo is found out. By a clock in the test's hand.</summary>
public sealed class LaneSetTests : IDisposable
{
    private readonly OrleansPoolClientOptions _options = new();
    private readonly ManualTimeProvider _time = new();
    private readonly GatewayLinks _links = new();
    private readonly ScriptedSilo _one = new(1, "10.0.0.1:30000");
    private readonly ScriptedSilo _other = new(2, "10.0.0.2:30000");
    private readonly ScriptedSilos _silos;
    private readonly LaneSet _lanes;

    public LaneSetTests()
    {
        var laid = 0;
        _silos = new ScriptedSilos(_ => Interlocked.Increment(ref laid) % 2 == 1 ? _one : _other);
        _lanes = new LaneSet("billing", _silos.Grains, _links, _options, _time);
    }

    public void Dispose() => _lanes.Dispose();

    [Fact]
    public async Task Choose_FirstCall_LaneKnowsItsSiloBeforeItIsUsed()
    {
        var lane = (await _lanes.ChooseAsync())!;

        Assert.True(lane.IsSound);
        Assert.Equal((1, new IPEndPoint(IPAddress.Parse("10.0.0.1"), 30000)), (lane.Link!.SiloRun, lane.Link.Gateway));
        Assert.StartsWith("billing#", Assert.Single(_silos.Lanes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choose_ManyCallsInFlight_AllLanesGetTheirPart()
    {
        const int Calls = 800;
        var uses = new Dictionary<Lane, int>();
        for (var call = 0; call < Calls; call++)
        {
            var lane = (await _lanes.ChooseAsync())!;
            lane.Use(CancellationToken.None);
            uses[lane] = uses.GetValueOrDefault(lane) + 1;
        }

        // The less busy of two keeps lanes within a few calls of each other; chance alone would scatter them by dozens.
        Assert.Equal(_options.Lanes, uses.Count);
        Assert.All(uses.Values, count => Assert.InRange(count, (Calls / _options.Lanes) - 10, (Calls / _options.Lanes) + 10));
    }

    [Fact]
    public async Task Beat_NoCallsInFlight_NobodyIsAsked()
    {
        await UseAllAsync(keep: false);
        var before = _one.Beats + _other.Beats;
        _time.Advance(10 * _options.BeatPeriod);

        Assert.Equal(before, _one.Beats + _other.Beats);
    }

    [Fact]
    public async Task Beat_NotAnsweredInTime_CallsOnThatSiloAreLostAndNoOthers()
    {
        var uses = await UseAllAsync(keep: true);
        _one.IsFrozen = true;
        _time.Advance(_options.BeatPeriod);
        _time.Advance(_options.BeatTimeout - TimeSpan.FromTicks(1));
        Assert.DoesNotContain(uses, use => use.IsLost);

        _time.Advance(TimeSpan.FromTicks(1));
        await Eventually.HoldsAsync(() => uses.Where(use => use.SiloRun == 1).All(use => use.Token.IsCancellationRequested), "calls on the frozen silo to be lost");
        Assert.All(uses, use => Assert.Equal(use.SiloRun == 1, use.IsLost));
        Assert.All(uses, use => Assert.Equal(use.SiloRun == 1, use.Token.IsCancellationRequested));
    }

    [Fact]
    public async Task Beat_NotAnsweredWhileOtherAnswersCome_SiloIsLostOnlyWhenTheseEndToo()
    {
        var uses = await UseAllAsync(keep: true);
        var answered = uses.First(use => use.SiloRun == 1);
        _one.IsFrozen = true;
        var step = _options.BeatTimeout / 4;
        for (var steps = 0; steps < 20; steps++)
        {
            answered.Lane.HeardFrom(1);
            _time.Advance(step);
        }

        Assert.DoesNotContain(uses, use => use.IsLost);
        _time.Advance(_options.BeatTimeout - step);
        await Eventually.HoldsAsync(() => answered.IsLost, "the silo to be lost");
    }

    [Fact]
    public async Task Choose_ASiloIsLost_CallsTakeTheOtherWithoutAsking()
    {
        await UseAllAsync(keep: true);
        _links.Lose(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 30000));
        var asked = _one.Beats;

        for (var call = 0; call < 100; call++) Assert.Equal(2, (await _lanes.ChooseAsync())!.Link!.SiloRun);
        Assert.Equal(asked, _one.Beats);
    }

    [Fact]
    public async Task Choose_ASiloIsLeaving_CallsTakeTheOtherAndThoseUnderWayGoOn()
    {
        var uses = await UseAllAsync(keep: true);
        uses.First(use => use.SiloRun == 1).Lane.HeardFrom(1, isLeaving: true);

        for (var call = 0; call < 100; call++) Assert.Equal(2, (await _lanes.ChooseAsync())!.Link!.SiloRun);
        Assert.DoesNotContain(uses, use => use.IsLost || use.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task Choose_AllSilosAreLeaving_CallsAreTakenThereToBeHandedOver()
    {
        var uses = await UseAllAsync(keep: true);
        foreach (var use in uses) use.Lane.HeardFrom(use.SiloRun, isLeaving: true);

        Assert.True((await _lanes.ChooseAsync())!.Link!.IsLeaving);
    }

    [Fact]
    public async Task Choose_NoSiloAnswers_ThereIsNoLane()
    {
        (_one.IsFrozen, _other.IsFrozen) = (true, true);
        var choosing = _lanes.ChooseAsync().AsTask();
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(_options.BeatTimeout);
                return choosing.IsCompleted;
            },
            "the choice to be made");

        Assert.Null(await choosing);
    }

    [Fact]
    public async Task Beat_FrozenSiloWakesUp_ItsLanesAreTakenAgainWithANewLink()
    {
        var uses = await UseAllAsync(keep: true);
        _one.IsFrozen = true;
        _time.Advance(_options.BeatPeriod + _options.BeatTimeout);
        await Eventually.HoldsAsync(() => uses.Where(use => use.SiloRun == 1).All(use => use.IsLost), "calls on the frozen silo to be lost");
        _one.IsFrozen = false;
        var lane = uses.First(use => use.SiloRun == 1).Lane;
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(_options.BeatPeriod);
                return lane.IsSound;
            },
            "the lane to be taken again");

        Assert.Equal((1, false), (lane.Link!.SiloRun, lane.Link.IsLost));
        Assert.All(uses.Where(use => use.SiloRun == 1), use => Assert.True(use.IsLost));
    }

    [Fact]
    public async Task Beat_OrleansMovedTheLane_CallsUnderWayStayBoundToTheirOwnSilo()
    {
        var uses = await UseAllAsync(keep: true);
        _silos.MoveAll(_other);
        _time.Advance(_options.BeatPeriod);

        await Eventually.HoldsAsync(() => uses.All(use => use.Lane.Link!.SiloRun == 2), "all lanes to lead to the other silo");
        Assert.DoesNotContain(uses, use => use.IsLost);
        _links.Lose(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 30000));
        Assert.All(uses, use => Assert.Equal(use.SiloRun == 1, use.IsLost));
    }

    [Fact]
    public async Task Renew_CallsUnderWay_NewCallsTakeNewLanesAndTheOldAreStillWatched()
    {
        var uses = await UseAllAsync(keep: true);
        var old = uses.Select(use => use.Lane).ToHashSet();
        _lanes.Renew();

        Assert.DoesNotContain((await _lanes.ChooseAsync())!, old);
        (_one.IsFrozen, _other.IsFrozen) = (true, true);
        _time.Advance(_options.BeatPeriod);
        _time.Advance(_options.BeatTimeout);
        await Eventually.HoldsAsync(() => uses.All(use => use.IsLost), "calls on the old lanes to be lost");
    }

    // Calls until every lane was taken, so that all of them know their silos.
    private async Task<List<Use>> UseAllAsync(bool keep)
    {
        var uses = new List<Use>();
        while (uses.Select(use => use.Lane).Distinct().Count() < _options.Lanes)
        {
            var lane = (await _lanes.ChooseAsync())!;
            uses.Add(new Use(lane, lane.Link!.SiloRun, lane.Use(CancellationToken.None)));
        }

        if (!keep) uses.ForEach(use => use.Call.Dispose());
        return uses;
    }

    private sealed record Use(Lane Lane, int SiloRun, LaneUse Call)
    {
        public bool IsLost => Call.IsLost;

        public CancellationToken Token => Call.Token;
    }
}
