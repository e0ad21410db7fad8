using Microsoft.Extensions.Logging;
using OrleansPool.Cluster.Tests.Lanes;
using OrleansPool.Grains.Forwarding;

namespace OrleansPool.Cluster.Tests.Forwarding;

/// <summary>Which silo a call is forwarded to, by a clock and a membership in the test's hand.</summary>
public sealed class PeerSilosTests : ILogger<PeerSilos>
{
    private const string One = "10.0.0.2:11111";
    private const string Other = "10.0.0.3:11111";

    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedMembership _membership = new();
    private readonly ScriptedSilo _one = new(1, One);
    private readonly ScriptedSilo _other = new(2, Other);
    private readonly List<string> _lines = [];
    private readonly PeerSilos _peers;

    public PeerSilosTests()
    {
        _membership.Set(ScriptedMembership.Silo(2), SiloStatus.Active);
        _membership.Set(ScriptedMembership.Silo(3), SiloStatus.Active);
        var silos = new ScriptedSilos(lane => lane.Contains(One, StringComparison.Ordinal) ? _one : _other);
        _peers = new PeerSilos(silos.Grains, _membership, _membership, _time, this);
    }

    [Fact]
    public async Task Take_BeforeTheFirstCallIsSent_CountsThatCall()
    {
        Assert.Equal((One, Other, One), (Take(One, Other), Take(One, Other), Take(One, Other)));

        var busy = _peers.Take([One], [])!;
        using (await busy.Silo.TryUseAsync(CancellationToken.None)) Assert.Equal(3, busy.Silo.InFlight);
        Assert.Equal(2, busy.Silo.InFlight);
    }

    [Fact]
    public void Take_OfThoseThatAreNoMembersOrThisOne_GivesNone()
    {
        _membership.Set(ScriptedMembership.Silo(2), SiloStatus.Dead);
        _membership.Set(ScriptedMembership.Silo(3), SiloStatus.ShuttingDown);

        Assert.Null(Take(One, Other, "10.0.0.1:11111", "10.0.0.9:11111", "nonsense"));
        Assert.Null(Take());
    }

    [Fact]
    public void Take_WithoutANamedHolder_GivesAnyOtherMember() => Assert.Equal([One, Other], new[] { Take(), Take() }.Order(StringComparer.Ordinal));

    [Fact]
    public void Take_OfOneThatLeaves_GivesNoneUntilAnotherRunIsThere()
    {
        _peers.Take([One], [])!.Silo.Leave();
        Assert.Null(Take(One));

        _membership.Set(ScriptedMembership.Silo(2), SiloStatus.Dead);
        _membership.Set(ScriptedMembership.Silo(2, run: 2), SiloStatus.Active);
        Assert.Equal(One, Take(One));
    }

    [Fact]
    public async Task Take_OfOneThatDoesNotAnswer_GivesItOnlyWhereThereIsNoOther()
    {
        await LoseAsync();

        Assert.Equal((Other, Other, Other), (Take(One, Other), Take(One, Other), Take(One, Other)));
        Assert.Equal(One, Take(One));
    }

    [Fact]
    public async Task Silence_HoweverManyCallsComeMeanwhile_IsAskedAboutTwiceASecondAndLoggedOnce()
    {
        await LoseAsync();
        for (var call = 0; call < 50; call++) Assert.Null(await _peers.Take([One], [])!.Silo.TryUseAsync(CancellationToken.None));
        Assert.Equal(1, _one.Beats);

        for (var beats = 2; beats < 5; beats++)
        {
            await AdvanceUntilAsync(() => _one.Beats == beats, "the next question");
            _time.Advance(_patience);
        }

        Assert.Equal(["Silo 10.0.0.2:11111 does not answer: calls forwarded to it have failed, and no more are while another silo has a share"], _lines);
    }

    [Fact]
    public async Task Silence_ThatEnds_LetsCallsGoThereAgain()
    {
        await LoseAsync();
        _one.IsFrozen = false;
        await AdvanceUntilAsync(() => _lines.Count == 2, "the answer to be told");

        Assert.Equal("Silo 10.0.0.2:11111 answers again: calls may be forwarded to it", _lines[1]);
        Assert.Equal(One, Take(One, Other));
        using var use = await _peers.Take([One], [])!.Silo.TryUseAsync(CancellationToken.None);
        Assert.NotNull(use);
    }

    [Fact]
    public async Task Silence_OfOneThatIsNoMemberAnyMore_IsNotAskedAbout()
    {
        await LoseAsync();
        _membership.Set(ScriptedMembership.Silo(2), SiloStatus.Dead);
        for (var step = 0; step < 20; step++)
        {
            _time.Advance(_period);
            await Task.Yield();
        }

        Assert.Null(Take(One));
        Assert.Equal(1, _one.Beats);
    }

    [Fact]
    public async Task Silence_CutsTheCallsUnderWay()
    {
        using var use = (await _peers.Take([One], [])!.Silo.TryUseAsync(CancellationToken.None))!;
        _one.IsFrozen = true;
        await AdvanceUntilAsync(() => use.IsLost, "the silo to be given up");

        Assert.True(use.Token.IsCancellationRequested);
    }

    private string? Take(params string[] holders) => _peers.Take(holders, [])?.Address.Endpoint.ToString();

    private async Task LoseAsync()
    {
        _one.IsFrozen = true;
        var use = _peers.Take([One], [])!.Silo.TryUseAsync(CancellationToken.None).AsTask();
        _time.Advance(_patience);
        Assert.Null(await use.InTime("the silo to be given up"));
    }

    // In steps: what a beat's end leads to happens on other threads.
    private Task AdvanceUntilAsync(Func<bool> condition, string expected) => Eventually.HoldsAsync(
        () =>
        {
            if (condition()) return true;
            _time.Advance(_period / 10);
            return false;
        },
        expected);

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Add(formatter(state, exception));
}
