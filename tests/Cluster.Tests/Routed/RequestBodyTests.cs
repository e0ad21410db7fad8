using System.Buffers;
using System.Net;
using OrleansPool.Client.Messages;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>A request's body is whole where it can be, and a stream that holds its writer back where it cannot.</summary>
public sealed class RequestBodyTests
{
    private const int Bound = WireLimits.MaxBodyBytes;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Bound - 1)]
    [InlineData(Bound)]
    public async Task Take_CompleteAndWithinTheBound_IsWhole(int size)
    {
        var body = await TakeAsync(new ByteArrayContent(Filler.Of(size)));

        Assert.Null(body.Reader);
        Assert.Equal(Filler.Of(size), body.Whole.ToArray());
    }

    [Theory]
    [InlineData(1, Bound + 1)]
    [InlineData(2, Bound)]
    [InlineData(65, 1024)]
    [InlineData(3, Bound - 1)]
    [InlineData(5, Bound)]
    public async Task Take_MoreThanTheBound_IsAStreamOfAllOfIt(int pieces, int pieceSize)
    {
        var body = await TakeAsync(new PiecewiseContent(pieces, pieceSize));

        Assert.Equal(Enumerable.Repeat(Filler.Of(pieceSize), pieces).SelectMany(piece => piece), await ReadAllAsync(body));
    }

    [Fact]
    public async Task Take_WriterPauses_IsAStreamOfWhatIsHereAlready()
    {
        var content = new PausingContent();
        var body = await TakeAsync(content);

        var read = await body.Reader!.ReadAsync().InTime("the first bytes");
        Assert.Equal([1, 2, 3], read.Buffer.ToArray());
        body.Reader.AdvanceTo(read.Buffer.End);
        content.Resume();
        Assert.Equal([4, 5, 6], await ReadAllAsync(body));
    }

    [Fact]
    public async Task Take_NobodyReads_WriterIsHeldBack()
    {
        var content = new PiecewiseContent(1000, 16 * 1024);
        var body = await TakeAsync(content);

        // The writer runs on this thread until it is held back.
        Assert.InRange(content.Written, Bound, 2 * Bound);
        Assert.Equal(1000 * 16 * 1024, (await ReadAllAsync(body)).Length);
    }

    [Fact]
    public async Task Abandon_WriterWaits_ItLearnsThatTheCallIsOver()
    {
        var content = new PiecewiseContent(1000, 16 * 1024);
        var body = await TakeAsync(content);
        body.Abandon();

        Assert.IsAssignableFrom<OperationCanceledException>(await content.Ended.InTime("the writer to end"));
    }

    [Fact]
    public async Task Write_AfterTheContentEnded_WriterLearnsThatTheCallIsOver()
    {
        // A gRPC client's content ends with its call, while the call's owner may still be writing.
        var content = new PausingContent();
        var body = await TakeAsync(content);
        content.Resume();
        Assert.Equal([1, 2, 3, 4, 5, 6], await ReadAllAsync(body));

        await Assert.ThrowsAsync<OperationCanceledException>(() => content.Stream!.WriteAsync(new byte[] { 7 }).AsTask());
    }

    [Fact]
    public async Task Take_SourceFailsAtOnce_CallerGetsItsError()
    {
        var failure = new InvalidOperationException("dry");

        Assert.Same(failure, await Assert.ThrowsAsync<InvalidOperationException>(() => TakeAsync(new PiecewiseContent(1, 10, failure))));
    }

    [Fact]
    public async Task Take_SourceFailsLater_ReaderGetsItsError()
    {
        var failure = new InvalidOperationException("dry");
        var body = await TakeAsync(new PiecewiseContent(2, Bound, failure));

        Assert.Same(failure, await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAllAsync(body)));
    }

    [Fact]
    public async Task Recycle_WholeBody_GivesItsMemoryBackOnce()
    {
        var body = await TakeAsync(new ByteArrayContent(Filler.Of(100)));
        body.Recycle();
        body.Recycle();

        Assert.True(body.Whole.IsEmpty);
    }

    private static Task<RequestBody> TakeAsync(HttpContent content) => RequestBody.TakeAsync(content, CancellationToken.None).AsTask();

    private static async Task<byte[]> ReadAllAsync(RequestBody body)
    {
        var all = new MemoryStream();
        await body.Reader!.CopyToAsync(all).InTime("all of the body");
        return all.ToArray();
    }

    private sealed class PausingContent : HttpContent
    {
        private readonly TaskCompletionSource _resume = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Stream? Stream { get; private set; }

        public void Resume() => _resume.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            Stream = stream;
            await stream.WriteAsync(new byte[] { 1, 2, 3 });
            await stream.FlushAsync();
            await _resume.Task;
            await stream.WriteAsync(new byte[] { 4, 5, 6 });
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
