using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Cluster.Tests.Protos;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>Who pauses holds back the other end: what lies between them is bounded, whatever the length of the stream.</summary>
[Collection(RoutedCluster.Collection)]
public sealed class BackpressureTests(RoutedCluster cluster)
{
    private const int PieceSize = 64 * 1024;
    private const int Pieces = 1000;

    // One piece in the client, one in the silo, and the windows of HTTP/2 and its peers; the whole stream is 64 MB.
    private const int HeldAtMost = 3 * 1024 * 1024;

    // HTTP/1.1 has no windows of its own; the sockets' buffers are some megabytes.
    private const int HeldBySocketsAtMost = 16 * 1024 * 1024;

    [Fact]
    public async Task ServerStreaming_ClientPauses_ServerIsHeldBack()
    {
        var record = cluster.Calls.Expect("slow-reader");
        using var call = cluster.Grpc.Produce(new Wish { Replies = Pieces, ReplySize = PieceSize }, record.Metadata);
        await call.ResponseStream.NextAsync();

        Assert.InRange(await Growth.SettledAsync(() => record.Sent), 1, HeldAtMost);
        var rest = await call.ResponseStream.RestAsync();
        Assert.Equal(Pieces - 1, rest.Count);
        Assert.All(rest, reply => Assert.True(Filler.IsIntact(reply.Body.Span)));
    }

    [Fact]
    public async Task ClientStreaming_ServerPauses_ClientIsHeldBack()
    {
        var record = cluster.Calls.Expect("slow-taker");
        using var call = cluster.Grpc.Collect(record.Metadata);
        var written = 0L;
        var writing = WriteAsync();

        Assert.InRange(await Growth.SettledAsync(() => Volatile.Read(ref written)), 1, HeldAtMost);
        record.OpenGate();
        await writing.InTime("the rest to be taken");
        Assert.Equal((long)Pieces * PieceSize, (await call.ResponseAsync.InTime("the reply")).Received);

        async Task WriteAsync()
        {
            var wish = new Wish { Body = Filler.Message(PieceSize), WaitAfter = true };
            for (var count = 1; count <= Pieces; count++)
            {
                await call.RequestStream.WriteAsync(wish);
                Volatile.Write(ref written, (long)count * PieceSize);
            }

            await call.RequestStream.CompleteAsync();
        }
    }

    [Fact]
    public async Task Http_ServerPausesInTheRequestBody_ClientIsHeldBack()
    {
        var record = cluster.Calls.Expect("slow-server");
        using var client = new HttpClient(cluster.Client.Handler("web"));
        var content = new PiecewiseContent(Pieces, PieceSize);
        var answer = client.PostAsync($"http://web/take/{record.Id}", content);

        await record.BegunAsync();
        Assert.InRange(await Growth.SettledAsync(() => content.Written), 1, HeldBySocketsAtMost);
        record.OpenGate();
        using var response = await answer.InTime("the answer");
        Assert.Equal($"{(long)Pieces * PieceSize}", await response.Content.ReadAsStringAsync());
    }
}
