using System.IO.Pipelines;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Tests.Calls;
using OrleansPool.Testing.Http2;

namespace OrleansPool.Core.Tests.Transports;

/// <summary>Bodies that arrive bit by bit, both ways at once, and held back both ways.</summary>
public class StreamingTests
{
    [Fact]
    public async Task Duplex_EachSideWaitsForTheOther_AndBothGoOn()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        var body = new Pipe();
        var call = test.StreamAsync(body.Reader);
        var request = await (await upstream.ConnectionAsync()).CallAsync();
        await request.HeadAsync(("content-type", "application/grpc"));
        var response = await call.Begun();
        var buffer = new byte[100];
        for (byte turn = 1; turn <= 4; turn++)
        {
            await body.Writer.WriteAsync(new[] { turn });
            Assert.Equal([turn], await request.PieceAsync());
            await request.DataAsync(new[] { (byte)(turn * 10) });
            Assert.Equal(1, (await response.ReadAsync(buffer).InTime("the turn's reply")).Count);
            Assert.Equal(turn * 10, buffer[0]);
        }

        await body.Writer.CompleteAsync();
        Assert.Empty(await request.PieceAsync());
        await request.TrailersAsync(("grpc-status", "0"));
        Assert.True((await response.ReadAsync(buffer).InTime("the end")).IsEnd);
        await response.DisposeAsync();
        Assert.Equal(0, test.Endpoint.Snapshot().InFlight);
    }

    [Fact]
    public async Task Head_OfAnAnswer_ComesBeforeItsFirstByte()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        var call = test.CallAsync();
        var request = await (await upstream.ConnectionAsync()).CallAsync();
        await request.HeadAsync(("x-early", "1"));
        var response = await call.Begun();
        Assert.Equal(["1"], response.Headers.All("x-early"));
        var reading = response.ReadAsync(new byte[10]);
        Assert.False(reading.IsCompleted);
        await request.TrailersAsync(("grpc-status", "0"));
        Assert.True((await reading.InTime("the end")).IsEnd);
        await response.DisposeAsync();
    }

    [Fact]
    public async Task Upstream_TakesNothing_HoldsBackTheSourceWithinAWindow()
    {
        await using var upstream = Http2Upstream.Start(u => u.WithholdsWindow = true);
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        using var leaving = new CancellationTokenSource();
        var body = new Pipe(new PipeOptions(pauseWriterThreshold: 16 * 1024, resumeWriterThreshold: 8 * 1024));
        var call = test.StreamAsync(body.Reader, leaving.Token);
        var request = await (await upstream.ConnectionAsync()).CallAsync();
        var written = 0L;
        var writing = Task.Run(async () =>
        {
            var piece = new byte[4096];
            while (!(await body.Writer.WriteAsync(piece, leaving.Token)).IsCompleted) Interlocked.Add(ref written, piece.Length);
        });
        await Eventually.HoldsAsync(() => request.Received == 65535, "the stream's window to be used up");
        var atRest = Interlocked.Read(ref written);
        Assert.InRange(atRest, 32 * 1024, 65535 + (64 * 1024));
        await leaving.CancelAsync();
        await call.Failed(FailureCode.CallerCancelled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.InTime("the writer to be told"));
    }

    [Fact]
    public async Task Upstream_EndsBeforeTheRequestDoes_StopsReadingTheSource()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        var body = new Pipe();
        var call = test.StreamAsync(body.Reader);
        var request = await (await upstream.ConnectionAsync()).CallAsync();
        await body.Writer.WriteAsync(new byte[] { 1 });
        await request.PieceAsync();
        await request.HeadOnlyAsync(("grpc-status", "8"));
        var (response, _) = await call.Answered();
        Assert.Equal(["8"], response.Headers.All("grpc-status"));

        // The source is free again: it is nobody's who would disturb its owner.
        await body.Writer.WriteAsync(new byte[] { 2 });
        Assert.True(body.Reader.TryRead(out _));
        Assert.Equal(0, test.Endpoint.Snapshot().InFlight);
    }

    [Fact]
    public async Task Source_EndsInAnError_IsTheCallersFault()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        var body = new Pipe();
        var call = test.StreamAsync(body.Reader);
        var request = await (await upstream.ConnectionAsync()).CallAsync();
        await body.Writer.CompleteAsync(new IOException("the caller's connection broke"));
        var failure = await call.Failed(FailureCode.CallerAborted);
        Assert.Equal(Party.Caller, failure.Party);
        await request.ResetByClientAsync();
    }

    [Fact]
    public async Task StreamedBody_RefusedBeforeAByteOfItWasTaken_IsRepeated()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        var body = new Pipe();
        var call = test.StreamAsync(body.Reader);
        var connection = await upstream.ConnectionAsync();
        await (await connection.CallAsync()).ResetAsync(0x7);
        var repeated = await connection.CallAsync();
        await body.Writer.WriteAsync(new byte[] { 1 });
        Assert.Equal([1], await repeated.PieceAsync());
        await repeated.HeadOnlyAsync(("grpc-status", "0"));
        await call.Answered();
    }

    [Fact]
    public async Task StreamedBody_RefusedAfterSomeOfItWasTaken_IsNotRepeated()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        var body = new Pipe();
        var call = test.StreamAsync(body.Reader);
        var connection = await upstream.ConnectionAsync();
        var request = await connection.CallAsync();
        await body.Writer.WriteAsync(new byte[] { 1 });
        await request.PieceAsync();
        await request.ResetAsync(0x7);
        Assert.True((await call.Failed(FailureCode.UpstreamRefused)).IsRetryable);
        Assert.Equal(1, connection.Requests);
    }

    [Fact]
    public async Task Caller_LeavesWhileReading_IsToldSoAndTheCallIsReset()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        using var leaving = new CancellationTokenSource();
        var call = test.CallAsync(caller: leaving.Token);
        var request = await (await upstream.ConnectionAsync()).CallAsync();
        await request.HeadAsync();
        var response = await call.Begun();
        var reading = response.ReadAsync(new byte[10]);
        await leaving.CancelAsync();
        Assert.Equal(FailureCode.CallerCancelled, (await reading.InTime("the read to end")).Failure?.Code);
        await response.DisposeAsync();
        Assert.Equal(0x8, await request.ResetByClientAsync());
    }

    [Fact]
    public async Task Answer_BreaksOffMidBody_IsAFailureOfTheUpstream()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address);
        var call = test.CallAsync();
        var request = await (await upstream.ConnectionAsync()).CallAsync();
        await request.HeadAsync();
        await request.DataAsync(new byte[] { 1, 2, 3 });
        var response = await call.Begun();
        Assert.Equal(3, (await response.ReadAsync(new byte[10]).InTime("the first bytes")).Count);
        await request.ResetAsync(0x2);
        Assert.Equal(FailureCode.UpstreamReset, (await response.ReadAsync(new byte[10]).InTime("the failure")).Failure?.Code);
        await response.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RequestMessage_OverTheLimit_IsRefusedByItsPrefixBeforeItIsHere(bool isStreamed)
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, configure: o => o.Limits.MaxRequestMessageBytes = 100);
        byte[] claimsFourGiB = [0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3];
        Task<CallResult> call;
        if (isStreamed)
        {
            var body = new Pipe();
            await body.Writer.WriteAsync(claimsFourGiB);
            call = test.StreamAsync(body.Reader);
        }
        else
        {
            call = test.SendAsync(EndpointUnderTest.Request(claimsFourGiB));
        }

        var failure = await call.Failed(FailureCode.RequestTooLarge);
        Assert.Equal(GrpcStatus.ResourceExhausted, failure.GrpcStatus);
        Assert.Contains("Limits:MaxRequestMessageBytes = 100", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResponseMessage_OverTheLimit_EndsTheCall()
    {
        await using var upstream = Http2Upstream.Start();
        await using var test = await EndpointUnderTest.StartAsync(upstream.Address, configure: o => o.Limits.MaxResponseMessageBytes = 100);
        var call = test.CallAsync();
        var request = await (await upstream.ConnectionAsync()).CallAsync();
        await request.HeadAsync();
        await request.DataAsync(new byte[] { 0, 0, 0, 0, 101, 1 });
        var response = await call.Begun();
        Assert.Equal(FailureCode.ResponseTooLarge, (await response.ReadAsync(new byte[10]).InTime("the verdict")).Failure?.Code);
        await response.DisposeAsync();
        Assert.Equal(0x8, await request.ResetByClientAsync());
    }
}
