using System.Buffers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Client.Hosting;
using OrleansPool.Client.Tcp;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>Exchanges and sessions by the .NET client, to a TCP upstream in the test's hands.</summary>
[Collection(RoutedCluster.Collection)]
public sealed class TcpTests(RoutedCluster cluster)
{
    private readonly TcpEndpointClient _lines = cluster.Client.Services.GetRequiredService<OrleansPoolClient>().CreateTcpClient("lines");

    [Theory]
    [InlineData(10)]
    [InlineData(200_000)]
    public async Task Exchange_OfAnySize_BringsTheReply(int size)
    {
        var frame = new string('q', size) + "\n";
        var call = ExchangeAsync(frame);
        using var peer = await cluster.Lines.ConnectionAsync();
        await peer.ExpectAsync(frame);
        var reply = new string('r', size) + "\n";
        await peer.SendAsync(reply);
        Assert.Equal(reply, await call.InTime("the reply"));
    }

    [Fact]
    public async Task Exchange_ThatIsNotOneFrame_IsRefused()
    {
        var refused = await Assert.ThrowsAsync<PoolCallException>(() => ExchangeAsync("no end").InTime("the refusal"));
        Assert.Equal((FailureCode.RequestInvalid, false), (refused.Failure.Code, refused.IsRetryable));
    }

    [Fact]
    public async Task Exchange_WhoseConnectionCloses_IsToldAsMaybeSent()
    {
        var call = ExchangeAsync("ask\n");
        var peer = await cluster.Lines.ConnectionAsync();
        await peer.ExpectAsync("ask\n");
        peer.Dispose();
        var failed = await Assert.ThrowsAsync<PoolCallException>(() => call.InTime("the failure"));
        Assert.Equal((FailureCode.UpstreamClosed, false), (failed.Failure.Code, failed.IsRetryable));
    }

    [Fact]
    public async Task Session_CallerEndsWithinAFrame_TheUpstreamReadsTheEnd_AndGoesOnSending()
    {
        await using var session = await _lines.OpenSessionAsync().InTime("a session");
        using var peer = await cluster.Lines.ConnectionAsync();
        await session.Output.WriteAsync("no end"u8.ToArray()).AsTask().InTime("room");
        await session.Output.CompleteAsync();
        await peer.ExpectAsync("no end");
        await peer.ExpectEndAsync();
        await peer.SendAsync("late");
        peer.Dispose();
        Assert.Equal("late", await new StreamReader(session.Input.AsStream()).ReadToEndAsync().InTime("the end"));
    }

    [Fact]
    public async Task Session_UpstreamEnds_TheCallerReadsTheEnd()
    {
        await using var session = await _lines.OpenSessionAsync().InTime("a session");
        var peer = await cluster.Lines.ConnectionAsync();
        await peer.SendAsync("all");
        peer.Dispose();
        Assert.Equal("all", await new StreamReader(session.AsStream()).ReadToEndAsync().InTime("the end"));
    }

    [Fact]
    public async Task Session_UpstreamEndsItsSide_TheCallerGoesOnSending()
    {
        var session = await _lines.OpenSessionAsync().InTime("a session");
        using var peer = await cluster.Lines.ConnectionAsync();
        await peer.SendAsync("all");
        peer.HalfClose();
        Assert.Equal("all", await new StreamReader(session.Input.AsStream(leaveOpen: true)).ReadToEndAsync().InTime("the end"));
        await session.Output.WriteAsync("late word, "u8.ToArray()).AsTask().InTime("room");
        await peer.ExpectAsync("late word, ");

        // What was written before the session's end goes all the same.
        await session.Output.WriteAsync("and the last"u8.ToArray()).AsTask().InTime("room");
        await session.DisposeAsync().AsTask().InTime("the session's end");
        await peer.ExpectAsync("and the last");
        await peer.ExpectEndAsync();
    }

    private async Task<string> ExchangeAsync(string frame) =>
        Encoding.ASCII.GetString((await _lines.ExchangeAsync(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(frame)))).Span);
}
