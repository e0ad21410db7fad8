using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.Listening;

/// <summary>One port for both versions of HTTP: the first bytes say which, however they come.</summary>
public sealed class SharedPortTests : IAsyncLifetime
{
    private const int Settings = 4;

    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(30);

    private readonly WatchedTimeProvider _clock = new();
    private WebUpstream _upstream = null!;
    private GatewayHost _host = null!;
    private RawCaller _caller = null!;

    public async Task InitializeAsync()
    {
        _upstream = await WebUpstream.StartAsync(context => context.Response.WriteAsync($"{context.Request.Method} hello"));
        _host = await GatewayHost.StartAsync(
            builder => builder.Services.AddSingleton<TimeProvider>(_clock), ("hello:Protocol", "http1"), ("hello:Addresses:0", _upstream.Http1));
        _caller = await RawCaller.ConnectAsync(_host.Address);
    }

    public async Task DisposeAsync()
    {
        _caller.Dispose();
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Preface_ByteByByte_IsHttp2()
    {
        await SendByteByByteAsync(RawCaller.Http2Preface);
        Assert.Equal(Settings, (await _caller.ReadFrameAsync()).Type);
    }

    [Fact]
    public async Task Http1Request_ByteByByte_IsAnswered()
    {
        await SendByteByByteAsync("GET /alive HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.EndsWith("\r\n\r\nalive\n", await _caller.ReadToCloseAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("P")]
    [InlineData("PR")]
    [InlineData("PRIVATE")]
    [InlineData("PROPFIND")]
    public async Task Method_ThatBeginsLikeThePreface_IsHttp1(string method)
    {
        await SendByteByByteAsync($"{method} /x HTTP/1.1\r\nHost: hello\r\nConnection: close\r\n\r\n");
        Assert.Contains($"{method} hello", await _caller.ReadToCloseAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PRI")]
    public async Task Silence_ForTooLong_EndsTheConnection(string said)
    {
        await _caller.SendAsync(said);
        await _clock.PassAsync(_silence);
        Assert.Equal("", await _caller.ReadToCloseAsync());
        await NobodyIsWaitedForAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("PRI")]
    public async Task Caller_LeavesWithoutARequest_IsForgotten(string said)
    {
        await _clock.BegunAsync(_silence);
        await _caller.SendAsync(said);
        _caller.Dispose();
        await NobodyIsWaitedForAsync();
    }

    [Theory]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003")]
    [InlineData("\0\0\0\0\0\0\0\0\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n\r\n")]
    public async Task Garbage_EndsItsConnectionOnly(string garbage)
    {
        using var other = await RawCaller.ConnectAsync(_host.Address);
        await _caller.SendAsync($"{garbage}\n\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", await _caller.ReadHeadAsync(), StringComparison.Ordinal);
        await other.SendAsync("GET /alive HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await other.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preface_ThatGoesOnAsHttp1_IsNotServed()
    {
        await _caller.SendAsync("PRI * HTTP/1.1\r\nHost: localhost\r\n\r\nGET /alive HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.DoesNotContain("alive", await _caller.ReadToCloseAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_WithASilentCaller_ClosesHisConnection()
    {
        await _clock.BegunAsync(_silence);
        await _host.StopAsync().InTime("the host to stop");
        Assert.Equal("", await _caller.ReadToCloseAsync());
        await NobodyIsWaitedForAsync();
    }

    [SkippableTheory]
    [InlineData("--http2-prior-knowledge", "2")]
    [InlineData("--http1.1", "1.1")]
    [InlineData("--http1.0", "1.1")]
    public async Task Curl_WithEitherVersion_IsAnswered(string option, string version)
    {
        var printed = await RequiredTool.RunAsync("curl", "curl", "-sS", option, "-w", " %{http_version}", $"{_host.Address}e/hello/");
        Assert.Equal($"GET hello {version}", printed);
    }

    // An upgrade to h2c is a server's choice: a caller that offers it is served with what he came with.
    [SkippableFact]
    public async Task Curl_OfferingAnUpgrade_IsAnsweredOverHttp1()
    {
        var printed = await RequiredTool.RunAsync("curl", "curl", "-sS", "--http2", "-w", " %{http_version}", $"{_host.Address}e/hello/");
        Assert.Equal("GET hello 1.1", printed);
    }

    [SkippableFact]
    public async Task H2load_WithAHundredStreamsOnEachConnection_GetsEveryAnswer()
    {
        var printed = await RequiredTool.RunAsync("h2load", "nghttp2-client", "-n", "2000", "-c", "4", "-m", "100", $"{_host.Address}e/hello/");
        Assert.Contains("2000 succeeded, 0 failed", printed, StringComparison.Ordinal);
        Assert.Contains("2000 2xx", printed, StringComparison.Ordinal);
        await _host.IsQuietAsync("hello");
    }

    // RFC 9113, section 8.2.3: the crumbs of one Cookie header are put together again for HTTP/1.1.
    [SkippableFact]
    public async Task Nghttp_WithCookieCrumbs_UpstreamSeesOneHeader()
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var page = _upstream.Page(context =>
        {
            seen.SetResult(string.Join(" and ", context.Request.Headers.Cookie.AsEnumerable()));
            return Task.CompletedTask;
        });
        await RequiredTool.RunAsync("nghttp", "nghttp2-client", "-H", "cookie: a=1", "-H", "cookie: b=2", $"{_host.Address}e/hello{page}");
        Assert.Equal("a=1; b=2", await seen.Task.InTime("the request"));
    }

    // The bytes that decide one by one, with a call on another connection after each: by then the port has seen it.
    private async Task SendByteByByteAsync(string text)
    {
        using var other = Callers.Http1(_host.Address);
        foreach (var octet in text[..4])
        {
            await _caller.SendAsync($"{octet}");
            await other.GetStringAsync("/alive");
        }

        await _caller.SendAsync(text[4..]);
    }

    private Task NobodyIsWaitedForAsync() => Eventually.HoldsAsync(() => !_clock.IsAwaited(_silence), "the connection to be forgotten");
}
