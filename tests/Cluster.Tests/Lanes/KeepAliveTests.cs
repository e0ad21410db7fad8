using OrleansPool.Client.Lanes;
using OrleansPool.Client.Routed;
using OrleansPool.Core.Calls.Streams;

namespace OrleansPool.Cluster.Tests.Lanes;

/// <summary>A reader who takes his time is heard of; one who is gone is not.</summary>
public sealed class KeepAliveTests
{
    private static readonly TimeSpan _period = StreamOptions.TimeToLive / 3;

    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedSilo _silo = new(1, "10.0.0.1:30000");
    private readonly RoutedStream _stream;

    public KeepAliveTests()
    {
        var lane = new Lane(new ScriptedSilos(_ => _silo).Grains, "billing#0", new GatewayLinks(), TimeSpan.FromSeconds(1), _time);
        _stream = new RoutedStream(lane, lane.Use(CancellationToken.None), Guid.NewGuid(), _time);
    }

    [Fact]
    public async Task Piece_NobodyTakesIt_SiloHearsOfTheReaderWellWithinItsPatience()
    {
        _stream.Prefetch();
        _time.Advance(2 * _period);

        Assert.Equal(2, _silo.KeepAlives);
        await _stream.DisposeAsync();
    }

    [Fact]
    public async Task Stream_IsOver_SiloHearsNoMore()
    {
        _stream.Prefetch();
        await _stream.DisposeAsync();
        _time.Advance(2 * _period);

        Assert.Equal(0, _silo.KeepAlives);
    }

    [Fact]
    public async Task OrleansClient_WasStopped_TimerDoesNotThrow()
    {
        _silo.Failure = new ObjectDisposedException("the Orleans client");
        _stream.Prefetch();
        _time.Advance(_period);

        Assert.Equal(1, _silo.KeepAlives);
        await _stream.DisposeAsync();
    }
}
