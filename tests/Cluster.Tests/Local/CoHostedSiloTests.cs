using Grpc.Core;
using Grpc.Net.Client;
using OrleansPool.Client.Hosting;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Routed;

namespace OrleansPool.Cluster.Tests.Local;

/// <summary>An application that is a silo of the pool itself: its calls go over the silo's own channels, and through no grain.</summary>
public sealed class CoHostedSiloTests(CoHostedCluster cluster) : IClassFixture<CoHostedCluster>
{
    private Interop.InteropClient Grpc => new(Channel("interop"));

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(300_000)]
    public async Task Unary_OfAnySize_PassesWithoutAGrainCall(int size)
    {
        var reply = await Grpc.UnaryAsync(new Wish { Body = Filler.Message(size), ReplySize = size }).RepliesAsync();

        Assert.True(reply.Intact && Filler.IsIntact(reply.Body.Span));
        Assert.Equal(size, reply.Body.Length);
        Assert.Empty(cluster.GrainCalls.Take());
        await cluster.Silos.AreQuietAsync("interop");
    }

    [Fact]
    public async Task Conversation_PassesInTurns()
    {
        using var call = Grpc.Converse();
        for (var turn = 1; turn <= 3; turn++)
        {
            await call.RequestStream.WriteAsync(new Wish { ReplySize = turn });
            await call.ResponseStream.NextAsync();
        }

        await call.RequestStream.CompleteAsync();
        await call.ResponseStream.RestAsync();
        Assert.Empty(cluster.GrainCalls.Take());
        await cluster.Silos.AreQuietAsync("interop");
    }

    [Fact]
    public async Task Status_BehindMessages_PassesWithItsText()
    {
        using var call = Grpc.Produce(new Wish { Replies = 2, ReplySize = 100_000, Status = (int)StatusCode.Aborted, Message = "50 % of it" });
        await call.ResponseStream.NextAsync();
        await call.ResponseStream.NextAsync();

        Assert.Equal("50 % of it", (await call.ResponseStream.MoveNext().FailsAsync(StatusCode.Aborted)).Status.Detail);
        await cluster.Silos.AreQuietAsync("interop");
    }

    [Fact]
    public async Task Failure_OfThePool_IsAStatusThatNamesThePart()
    {
        var failure = await new Interop.InteropClient(Channel("gone")).EmptyAsync(new Nothing()).FailsAsync(StatusCode.Unavailable);

        Assert.Equal(["Upstream"], failure.Trailers.Under("orleanspool-party"));
    }

    [Fact]
    public async Task Caller_ThatCancels_EndsTheCallUpstream_AndFreesItsPermit()
    {
        var record = cluster.Upstream.Calls.Expect("held");
        using var leaving = new CancellationTokenSource();
        var call = Grpc.HoldAsync(new Wish(), record.Metadata, cancellationToken: leaving.Token).ResponseAsync;
        await record.BegunAsync();
        await leaving.CancelAsync();

        await call.FailsAsync(StatusCode.Cancelled);
        await record.CancelledAsync();
        await cluster.Silos.AreQuietAsync("interop");
    }

    [Fact]
    public async Task Reader_ThatCancelsARead_EndsTheCall_AndFreesItsPermit()
    {
        using var client = new HttpClient(Handler("web")) { BaseAddress = new Uri("http://web.pool") };
        using var response = await client.GetAsync(new Uri("/trickle/read", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        using var leaving = new CancellationTokenSource();
        var reading = ReadToEndAsync(body, leaving.Token);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading).InTime("the read to end");
        await cluster.Silos.AreQuietAsync("web");
    }

    [Fact]
    public async Task Http_PassesMethodTargetAndBody()
    {
        using var client = new HttpClient(Handler("web")) { BaseAddress = new Uri("http://web.pool") };

        Assert.StartsWith("GET /mirror/here?a=%2f\n", await client.GetStringAsync("/mirror/here?a=%2f").InTime("the answer"), StringComparison.Ordinal);
        Assert.Empty(cluster.GrainCalls.Take());
    }

    [Fact]
    public async Task Response_ThatItsOwnerForgot_GivesItsPermitBack()
    {
        await ForgetAsync();
        await Eventually.HoldsAsync(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return cluster.Silos.Pool(0, "web").InFlight == 0;
            },
            "the permit to come back");
    }

    private async Task ForgetAsync()
    {
        using var invoker = new HttpMessageInvoker(Handler("web"));
        _ = await invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://web.pool/trickle/forgotten"), CancellationToken.None).InTime("the head");
        Assert.Equal(1, cluster.Silos.Pool(0, "web").InFlight);
    }

    private static async Task ReadToEndAsync(Stream body, CancellationToken cancellation)
    {
        var buffer = new byte[1024];
        while (await body.ReadAsync(buffer, cancellation) > 0)
        {
        }
    }

    private HttpMessageHandler Handler(string endpoint) => cluster.Silos.Service<OrleansPoolClient>(0).CreateHandler(endpoint);

    private GrpcChannel Channel(string endpoint) =>
        GrpcChannel.ForAddress($"http://{endpoint}.pool", new GrpcChannelOptions { HttpHandler = Handler(endpoint), MaxReceiveMessageSize = null, MaxSendMessageSize = null });
}
