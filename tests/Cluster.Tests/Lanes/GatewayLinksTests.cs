using System.Net;
using OrleansPool.Client.Lanes;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Cluster.Tests.Lanes;

/// <summary>One link per run of a silo: lost once and for all.</summary>
public sealed class GatewayLinksTests
{
    private readonly GatewayLinks _links = new();

    [Fact]
    public void Of_TheSameRun_IsTheSameLink()
    {
        Assert.Same(_links.Of(Beat(1)), _links.Of(Beat(1)));
        Assert.NotSame(_links.Of(Beat(1)), _links.Of(Beat(2)));
    }

    [Fact]
    public void Lose_AGateway_EveryRunBehindItIsLostAndNoOther()
    {
        GatewayLink[] there = [_links.Of(Beat(1)), _links.Of(Beat(2))];
        var elsewhere = _links.Of(Beat(3, "10.0.0.2:30000"));
        _links.Lose(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 30000));

        Assert.All(there, link => Assert.True(link.IsLost && link.Lost.IsCancellationRequested));
        Assert.False(elsewhere.IsLost);
    }

    [Fact]
    public void Of_ARunThatWasLostAndAnswersAgain_IsANewLink()
    {
        var before = _links.Of(Beat(1));
        _links.Lose(before);
        var after = _links.Of(Beat(1));

        Assert.Equal((true, false), (before.IsLost, after.IsLost));
        Assert.True(_links.TryGet(1, out var known));
        Assert.Same(after, known);
    }

    [Fact]
    public void Lose_ALinkThatWasReplaced_LeavesTheNewOneAlone()
    {
        var before = _links.Of(Beat(1));
        _links.Lose(before);
        var after = _links.Of(Beat(1));
        _links.Lose(before);

        Assert.Same(after, _links.Of(Beat(1)));
        Assert.False(after.IsLost);
    }

    [Fact]
    public void Lose_AnUnknownOrNamelessGateway_IsHarmless()
    {
        var link = _links.Of(Beat(1, "not an address"));
        _links.Lose((EndPoint?)null);
        _links.Lose(new IPEndPoint(IPAddress.Loopback, 1));

        Assert.False(link.IsLost);
        Assert.Null(link.Gateway);
    }

    private static BeatMessage Beat(int run, string gateway = "10.0.0.1:30000") => new() { SiloRun = run, Gateway = gateway };
}
