using Grpc.Core;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Testing.Http2;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>Whose failure it is, and that the caller gets it word for word.</summary>
[Collection(RoutedCluster.Collection)]
public sealed class StatusTests(RoutedCluster cluster)
{
    private const string Unicode = "Größe, 世界, 🌍: 50 % of \"it\"\n\tand a tab";

    [Theory]
    [InlineData(StatusCode.Cancelled)]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.ResourceExhausted)]
    [InlineData(StatusCode.Unimplemented)]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.DataLoss)]
    public async Task Status_OfTheUpstreamInItsHead_PassesWithItsMessage(StatusCode status)
    {
        var failure = await cluster.Grpc.UnaryAsync(new Wish { Status = (int)status, Message = Unicode }).FailsAsync(status);

        Assert.Equal(Unicode, failure.Status.Detail);
        Assert.Empty(failure.Trailers.Under("orleanspool-error"));
    }

    [Fact]
    public async Task Status_AfterMessages_PassesBehindThem()
    {
        using var call = cluster.Grpc.Produce(new Wish { Replies = 2, ReplySize = 100_000, Status = (int)StatusCode.Aborted, Message = Unicode });
        await call.ResponseStream.NextAsync();
        await call.ResponseStream.NextAsync();

        var failure = await call.ResponseStream.MoveNext().FailsAsync(StatusCode.Aborted);
        Assert.Equal(Unicode, failure.Status.Detail);
    }

    [Fact]
    public async Task Status_OfALargeRequest_Passes()
    {
        var wish = new Wish { Body = Filler.Message(300_000), Status = (int)StatusCode.NotFound, Message = "no" };

        Assert.Equal("no", (await cluster.Grpc.UnaryAsync(wish).FailsAsync(StatusCode.NotFound)).Status.Detail);
    }

    [Fact]
    public async Task Endpoint_Unknown_IsUnimplementedAndSaysWhy()
    {
        var failure = await cluster.Client.Grpc("nowhere").EmptyAsync(new Nothing()).FailsAsync(StatusCode.Unimplemented);

        AssertOrigin(failure, "EndpointUnknown", "Route", "Caller");
    }

    [Fact]
    public async Task Endpoint_UnknownToAStream_IsUnimplementedAndSaysWhy()
    {
        using var call = cluster.Client.Grpc("nowhere").Converse();

        AssertOrigin(await call.ResponseStream.MoveNext().FailsAsync(StatusCode.Unimplemented), "EndpointUnknown", "Route", "Caller");
    }

    [Fact]
    public async Task Endpoint_NobodyListensThere_IsUnavailableAndNamesTheUpstream()
    {
        var failure = await cluster.Client.Grpc("gone").EmptyAsync(new Nothing()).FailsAsync(StatusCode.Unavailable);

        Assert.Equal(["Connect"], failure.Trailers.Under("orleanspool-stage"));
        Assert.Equal(["Upstream"], failure.Trailers.Under("orleanspool-party"));
    }

    [Fact]
    public async Task Request_LargerThanTheEndpointTakes_IsExhaustedAndNamesTheLimit()
    {
        var failure = await cluster.Client.Grpc("narrow").UnaryAsync(new Wish { Body = Filler.Message(100_001) }).FailsAsync(StatusCode.ResourceExhausted);

        AssertOrigin(failure, "RequestTooLarge", "Send", "Caller");
        Assert.Contains("Limits:MaxRequestMessageBytes", failure.Status.Detail, StringComparison.Ordinal);
        await cluster.Silos.AreQuietAsync("narrow");
    }

    [Fact]
    public async Task Reply_LargerThanTheEndpointAllows_IsExhaustedAndNamesTheLimit()
    {
        var failure = await cluster.Client.Grpc("narrow").UnaryAsync(new Wish { ReplySize = 100_001 }).FailsAsync(StatusCode.ResourceExhausted);

        AssertOrigin(failure, "ResponseTooLarge", "Receive", "Upstream");
        Assert.Contains("Limits:MaxResponseMessageBytes", failure.Status.Detail, StringComparison.Ordinal);
        await cluster.Silos.AreQuietAsync("narrow");
    }

    [Fact]
    public async Task Upstream_ResetsTheCallMidway_MessagesThenStatusNamingTheUpstream()
    {
        await using var upstream = Http2Upstream.Start();
        await using var silos = await OneSiloAsync(upstream);
        await using var client = await PoolClient.ConnectAsync(silos.Address);
        using var call = client.Grpc().Produce(new Wish());
        var scripted = await (await upstream.ConnectionAsync()).CallAsync();
        await scripted.HeadAsync(("content-type", "application/grpc"));
        await scripted.DataAsync((byte[])[0, 0, 0, 0, 0]);
        await call.ResponseStream.NextAsync();
        await scripted.ResetAsync(errorCode: 2);

        AssertOrigin(await call.ResponseStream.MoveNext().FailsAsync(StatusCode.Internal), "UpstreamReset", "Receive", "Upstream");
    }

    private static Task<TestSilos> OneSiloAsync(Http2Upstream upstream) =>
        TestSilos.StartAsync(1, _ => [("Endpoints:interop:Protocol", "grpc"), ("Endpoints:interop:Addresses:0", upstream.Address), ("DrainTimeout", "00:00:02")]);

    private static void AssertOrigin(RpcException failure, string error, string stage, string party)
    {
        Assert.Equal([error], failure.Trailers.Under("orleanspool-error"));
        Assert.Equal([stage], failure.Trailers.Under("orleanspool-stage"));
        Assert.Equal([party], failure.Trailers.Under("orleanspool-party"));
    }
}
