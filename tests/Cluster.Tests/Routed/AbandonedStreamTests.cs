using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Upstream;
using OrleansPool.Core.Calls.Streams;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>A client that vanishes without a word leaves nothing behind for longer than a stream's time to live.</summary>
public sealed class AbandonedStreamTests
{
    [Fact]
    public async Task Stream_ItsClientVanishes_IsKeptForItsTimeToLiveAndThenResetUpstream()
    {
        var clock = new ManualTimeProvider();
        await using var upstream = await InteropUpstream.StartAsync();
        await using var silos = await TestSilos.StartAsync(
            1,
            _ => [("Endpoints:interop:Protocol", "grpc"), ("Endpoints:interop:Addresses:0", upstream.Grpc)],
            services => services.AddSingleton(new StreamTable(clock)));
        var client = await PoolClient.ConnectAsync(silos.Address);
        var record = upstream.Calls.Expect("abandoned");
        using var call = client.Grpc().Converse(record.Metadata);
        await call.RequestStream.WriteAsync(new Wish { ReplySize = 1 });
        await call.ResponseStream.NextAsync();

        await client.KillAsync();
        clock.Advance(StreamOptions.TimeToLive / 2);
        Assert.Equal(1, silos.Streams(0).Count);

        // In steps: the read that was under way comes to its end by this clock, too, but on another thread.
        await Eventually.HoldsAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return silos.Streams(0).Count == 0;
            },
            "the stream to be gone");
        await record.CancelledAsync();
        await silos.AreQuietAsync("interop");
        await client.DisposeAsync();
    }
}
