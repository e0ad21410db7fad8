using Grpc.Core;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>Headers and trailers pass as they are, both ways, in calls that are carried whole and in pieces.</summary>
[Collection(RoutedCluster.Collection)]
public sealed class MetadataTests(RoutedCluster cluster)
{
    [Theory]
    [InlineData(10)]
    [InlineData(200_000)]
    public async Task Metadata_UnaryWithManyKindsOfValues_ComesBackInHeadAndTrailers(int size)
    {
        var record = cluster.Calls.Expect("metadata-unary");
        var call = cluster.Grpc.UnaryAsync(new Wish { Body = Filler.Message(size), ReplySize = size }, Values(record));
        await call.RepliesAsync();

        AssertMirrored(await call.ResponseHeadersAsync);
        AssertMirrored(call.GetTrailers());
    }

    [Fact]
    public async Task Metadata_Duplex_ComesBackInHeadAndTrailers()
    {
        var record = cluster.Calls.Expect("metadata-duplex");
        using var call = cluster.Grpc.Converse(Values(record));
        await call.RequestStream.CompleteAsync();
        await call.ResponseStream.RestAsync();

        AssertMirrored(await call.ResponseHeadersAsync);
        AssertMirrored(call.GetTrailers());
    }

    [Fact]
    public async Task Metadata_OfTheClientItself_PassesUnchanged()
    {
        var record = cluster.Calls.Expect("metadata-own");
        var metadata = record.Metadata;
        metadata.Add("authorization", "Bearer a.b-c_d==");
        await cluster.Grpc.EmptyAsync(new Nothing(), metadata).RepliesAsync();

        Assert.Equal("Bearer a.b-c_d==", record.Header("authorization"));
        Assert.StartsWith("grpc-dotnet/", record.Header("user-agent"), StringComparison.Ordinal);
        Assert.Equal("trailers", record.Header("te"));
        Assert.Equal("application/grpc", record.Header("content-type"));
    }

    [Fact]
    public async Task Metadata_OfTheUpstream_HasNothingAddedButTheDate()
    {
        var call = cluster.Grpc.EmptyAsync(new Nothing());
        await call.RepliesAsync();

        Assert.DoesNotContain(await call.ResponseHeadersAsync, entry => entry.Key is not ("date" or "server" or "content-type"));
        Assert.Empty(call.GetTrailers());
    }

    [Fact]
    public async Task Metadata_ClientRepeatsKey_ValuesArriveInOrder()
    {
        var record = cluster.Calls.Expect("metadata-twice");
        var metadata = record.Metadata;
        metadata.Add("twice", "first");
        metadata.Add("other", "between");
        metadata.Add("twice", "second");
        await cluster.Grpc.EmptyAsync(new Nothing(), metadata).RepliesAsync();

        Assert.Equal(["first", "second"], record.Header("twice")!.Split(',', StringSplitOptions.TrimEntries));
    }

    [Fact]
    public async Task Metadata_MoreThanTheWireTakes_IsRefusedBeforeItIsSent()
    {
        var record = cluster.Calls.Expect("metadata-large");
        var metadata = record.Metadata;
        metadata.Add("large", new string('x', WireLimits.MaxHeaderChars));

        var failure = await cluster.Grpc.EmptyAsync(new Nothing(), metadata).FailsAsync(StatusCode.ResourceExhausted);

        Assert.Contains($"{WireLimits.MaxHeaderChars} characters", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(["HeadersTooLarge"], failure.Trailers.Under("orleanspool-error"));
        Assert.Equal(["Caller"], failure.Trailers.Under("orleanspool-party"));
        Assert.False(cluster.Calls.HasSeen(record.Id));
    }

    private static Metadata Values(Upstream.CallRecord record)
    {
        var metadata = record.Metadata;
        metadata.Add("mirror-separators", """a,b; c="d" e=%41 \ {f}""");
        metadata.Add("mirror-large", new string('m', 8192));
        metadata.Add("mirror-all-bin", [.. Enumerable.Range(0, 256).Select(value => (byte)value)]);
        metadata.Add("mirror-one-bin", [0]);
        return metadata;
    }

    private static void AssertMirrored(Metadata seen)
    {
        Assert.Equal(["""a,b; c="d" e=%41 \ {f}"""], seen.Under("mirror-separators"));
        Assert.Equal([new string('m', 8192)], seen.Under("mirror-large"));
        Assert.Equal([Convert.ToHexStringLower([.. Enumerable.Range(0, 256).Select(value => (byte)value)])], seen.Under("mirror-all-bin"));
        Assert.Equal(["00"], seen.Under("mirror-one-bin"));
    }
}
