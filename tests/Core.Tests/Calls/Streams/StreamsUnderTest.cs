using OrleansPool.Core.Calls.Streams;
using OrleansPool.Core.Model;
using OrleansPool.Testing.Http2;

namespace OrleansPool.Core.Tests.Calls.Streams;

/// <summary>Calls carried in pieces to an upstream under the test's control, by a clock in its hand.</summary>
internal sealed class StreamsUnderTest : IAsyncDisposable
{
    private StreamsUnderTest(Http2Upstream upstream, WatchedTimeProvider clock, EndpointUnderTest endpoint) =>
        (Upstream, Clock, Endpoint, Table) = (upstream, clock, endpoint, new StreamTable(clock));

    public Http2Upstream Upstream { get; }

    public WatchedTimeProvider Clock { get; }

    public EndpointUnderTest Endpoint { get; }

    public StreamTable Table { get; }

    public static async Task<StreamsUnderTest> StartAsync(Action<Http2Upstream>? configure = null)
    {
        var (upstream, clock) = (Http2Upstream.Start(configure), new WatchedTimeProvider());
        return new StreamsUnderTest(upstream, clock, await EndpointUnderTest.StartAsync(upstream.Address, time: clock));
    }

    /// <summary>A call whose body is still to come, under a fresh key.</summary>
    public (Guid Key, StreamSession Session) Open()
    {
        var key = Guid.NewGuid();
        Assert.True(Table.TryOpen(key, Endpoint.Endpoint, Head()));
        Assert.True(Table.TryGet(key, out var session));
        return (key, session);
    }

    /// <summary>The same, as it arrives at the upstream.</summary>
    public async Task<(Guid Key, StreamSession Session, Http2UpstreamCall Request)> OpenThroughAsync()
    {
        var (key, session) = Open();
        return (key, session, await RequestAsync());
    }

    /// <summary>A call that is sent whole.</summary>
    public Task<WholeReply> CollectAsync(CancellationToken caller = default) =>
        WholeReply.CollectAsync(Endpoint.Endpoint, EndpointUnderTest.Request([0, 0, 0, 0, 1, 7]), Table, Clock, caller).AsTask();

    /// <summary>The first request on the next connection.</summary>
    public async Task<Http2UpstreamCall> RequestAsync() => await (await Upstream.ConnectionAsync()).CallAsync();

    /// <summary>Nothing is in flight and no stream is left.</summary>
    public Task OverAsync() => Eventually.HoldsAsync(() => Table.Count == 0 && Endpoint.Endpoint.Snapshot().InFlight == 0, "nothing of the call to be left");

    public static CallRequest Head() => EndpointUnderTest.Request([]);

    public async ValueTask DisposeAsync()
    {
        await Table.DisposeAsync();
        await Endpoint.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
