using Grpc.Core;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Protos;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>Compression is between the peers: each message passes as its sender made it.</summary>
[Collection(RoutedCluster.Collection)]
public sealed class CompressionTests(RoutedCluster cluster)
{
    [Theory]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    public async Task Compression_UnaryBothWays_IsUnpackedByThePeers(int size)
    {
        var record = cluster.Calls.Expect("gzip-unary");
        var reply = await cluster.Grpc.UnaryAsync(new Wish { Body = Filler.Message(size), ReplySize = size, Compress = true }, Gzip(record)).RepliesAsync();

        Assert.Equal((size, true), (reply.Received, reply.Intact));
        Assert.True(Filler.IsIntact(reply.Body.Span));
        Assert.Equal([true], record.Compressed);
    }

    [Fact]
    public async Task Compression_StreamWithPlainMessagesInIt_KeepsTheFlagOfEach()
    {
        var record = cluster.Calls.Expect("gzip-duplex");
        using var call = cluster.Grpc.Converse(Gzip(record));
        foreach (var flags in (WriteFlags[])[default, WriteFlags.NoCompress, default])
        {
            call.RequestStream.WriteOptions = new WriteOptions(flags);
            await call.RequestStream.WriteAsync(new Wish { Body = Filler.Message(5000), ReplySize = 100_000, Compress = flags == default });
            Assert.True(Filler.IsIntact((await call.ResponseStream.NextAsync()).Body.Span));
        }

        Assert.Equal([true, false, true], record.Compressed);
    }

    [Fact]
    public async Task Compression_RequestNotCompressed_StaysSo()
    {
        var record = cluster.Calls.Expect("plain");
        await cluster.Grpc.UnaryAsync(new Wish { Body = Filler.Message(5000) }, record.Metadata).RepliesAsync();

        Assert.Equal([false], record.Compressed);
    }

    // The way in which grpc-dotnet is asked to compress.
    private static Metadata Gzip(Upstream.CallRecord record)
    {
        var metadata = record.Metadata;
        metadata.Add("grpc-internal-encoding-request", "gzip");
        return metadata;
    }
}
