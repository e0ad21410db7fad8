using Microsoft.AspNetCore.Http;
using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.Http;

/// <summary>Calls that one side ends before their time: the other side hears of it, and nothing stays taken in the pool.</summary>
public sealed class EndingTests(Crossing crossing) : IClassFixture<Crossing>
{
    private static readonly byte[] _piece = new byte[10_000];

    [Theory]
    [MemberData(nameof(Crossing.Ways), MemberType = typeof(Crossing))]
    public async Task Caller_LeavesMidUpload_UpstreamSeesABrokenBody(string caller, string upstream)
    {
        var (begun, broken) = (NewSignal(), NewSignal());
        var body = new Dripping();
        using var leaving = new CancellationTokenSource();
        var call = crossing.SendAsync(
            caller,
            upstream,
            async context =>
            {
                Assert.NotEqual(0, await context.Request.Body.ReadAsync(new byte[1]));
                begun.SetResult();
                await Assert.ThrowsAnyAsync<Exception>(() => context.Request.Body.CopyToAsync(Stream.Null, CancellationToken.None));
                broken.SetResult();
            },
            request => (request.Method, request.Content) = (HttpMethod.Post, body),
            leaving.Token);
        await body.WriteAsync(_piece);
        await begun.Task.InTime("the upload to begin at the upstream");
        await leaving.CancelAsync();
        await broken.Task.InTime("the upstream's body to break");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await crossing.IsQuietAsync();
    }

    [Theory]
    [MemberData(nameof(Crossing.Ways), MemberType = typeof(Crossing))]
    public async Task Caller_LeavesMidDownload_UpstreamIsToldToStop(string caller, string upstream)
    {
        var stopped = NewSignal();
        var response = await crossing.SendAsync(caller, upstream, async context =>
        {
            context.RequestAborted.Register(stopped.SetResult);
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(_piece);
        });
        await using (var body = await response.Content.ReadAsStreamAsync()) await body.ReadExactlyAsync(new byte[100_000]);
        response.Dispose();
        await stopped.Task.InTime("the upstream to be told");
        await crossing.IsQuietAsync();
    }

    [Theory]
    [MemberData(nameof(Crossing.Ways), MemberType = typeof(Crossing))]
    public async Task Caller_LeavesBeforeTheAnswer_UpstreamIsToldToStop(string caller, string upstream)
    {
        var (begun, stopped) = (NewSignal(), NewSignal());
        using var leaving = new CancellationTokenSource();
        var call = crossing.SendAsync(
            caller,
            upstream,
            context =>
            {
                context.RequestAborted.Register(stopped.SetResult);
                begun.SetResult();
                return stopped.Task;
            },
            null,
            leaving.Token);
        await begun.Task.InTime("the call to reach the upstream");
        await leaving.CancelAsync();
        await stopped.Task.InTime("the upstream to be told");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await crossing.IsQuietAsync();
    }

    [Theory]
    [MemberData(nameof(Crossing.Ways), MemberType = typeof(Crossing))]
    public async Task Upstream_DiesMidBody_CallerSeesABrokenBody(string caller, string upstream)
    {
        foreach (long? length in new long?[] { null, 1_000_000 })
        {
            var dying = NewSignal();
            using var response = await crossing.SendAsync(caller, upstream, async context =>
            {
                context.Response.ContentLength = length;
                await context.Response.Body.WriteAsync(_piece);
                await dying.Task;
                context.Abort();
            });
            Assert.True(response.IsSuccessStatusCode);
            dying.SetResult();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsByteArrayAsync().InTime("the body to break"));
        }

        await crossing.IsQuietAsync();
    }

    // A chunked body cut off must not look whole to somebody who reads bytes: no last chunk, no clean end.
    [Theory]
    [InlineData("http1")]
    [InlineData("http2")]
    public async Task Upstream_DiesMidBody_Http1CallerGetsNoLastChunk(string upstream)
    {
        var dying = NewSignal();
        var page = crossing.Page(upstream, async context =>
        {
            await context.Response.WriteAsync("begun");
            await dying.Task;
            context.Abort();
        });
        using var caller = await RawCaller.ConnectAsync(crossing.Host.Address);
        await caller.SendAsync($"GET {page} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Contains("chunked", await caller.ReadHeadAsync(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("5\r\nbegun\r\n", await caller.ReadToAsync("begun\r\n"));
        dying.SetResult();
        try
        {
            Assert.Equal("", await caller.ReadToCloseAsync());
        }
        catch (IOException)
        {
            // A reset is just as clear.
        }
    }

    [Theory]
    [MemberData(nameof(Crossing.Ways), MemberType = typeof(Crossing))]
    public async Task Upstream_AnswersAndTakesNoMoreOfTheBody_CallerGetsTheWholeAnswer(string caller, string upstream)
    {
        using var response = await crossing.SendAsync(
            caller,
            upstream,
            async context =>
            {
                context.Response.StatusCode = 413;
                await context.Response.WriteAsync("too much");
            },
            request => (request.Method, request.Content) = (HttpMethod.Post, new ByteArrayContent(new byte[1_000_000])));
        Assert.Equal((413, "too much"), ((int)response.StatusCode, await response.Content.ReadAsStringAsync().InTime("the answer")));
        await crossing.IsQuietAsync();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
