using System.Globalization;
using System.Net;
using System.Text.Json;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Http1;
using OrleansPool.Testing.Http2;

namespace OrleansPool.Gateway.Tests.Http;

/// <summary>The pool's own failures as an HTTP caller sees them: status, headers and problem body, as the table of failures says.</summary>
public sealed class FailureTests : IAsyncLifetime
{
    private readonly Http1Upstream _http1 = Http1Upstream.Start();
    private readonly Http1Upstream _warm = Http1Upstream.Start();
    private readonly Http2Upstream _http2 = Http2Upstream.Start(upstream => upstream.MaxHeaderListSize = 1_000);
    private readonly Http2Upstream _mute = Http2Upstream.Start(upstream => upstream.IsMute = true);
    private readonly Http2Upstream _closing = Http2Upstream.Start(upstream => upstream.ClosesAtOnce = true);
    private GatewayHost _host = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _host = await GatewayHost.StartAsync(
            [
                .. Endpoint("web", "http1", _http1.Address),
                .. Endpoint("one", "http1", _warm.Address, ("Limits:Max", "1"), ("Queue:MaxWaiters", "0"), ("Pool:Min", "1")),
                .. Endpoint("hasty", "http1", _http1.Address, ("Limits:Max", "1"), ("Queue:MaxWait", "00:00:00.050")),
                .. Endpoint("short", "http1", _http1.Address, ("Limits:DefaultDeadline", "00:00:00.200")),
                .. Endpoint("small", "http1", _http1.Address, ("Limits:MaxRequestMessageBytes", "1000"), ("Limits:MaxResponseMessageBytes", "1000")),
                .. Endpoint("medium", "http1", _http1.Address, ("Limits:MaxResponseMessageBytes", "17000")),
                .. Endpoint("h2", "http2", _http2.Address),
                .. Endpoint("rpc", "grpc", _http2.Address),
                .. Endpoint("gone", "http1", "127.0.0.1:1", ("Pool:ConnectAttempts", "1"), ("Pool:BreakDuration", "00:01:00"), ("Pool:MaxBreakDuration", "00:01:00")),
                .. Endpoint("mute", "http2", _mute.Address, ("Pool:ConnectAttempts", "1"), ("Pool:ConnectTimeout", "00:00:00.100")),
                .. Endpoint("closing", "http2", _closing.Address, ("Pool:ConnectAttempts", "1")),
            ]);
        _client = Callers.Http1(_host.Address);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        foreach (var upstream in new IAsyncDisposable[] { _http1, _warm, _http2, _mute, _closing }) await upstream.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Queue_Full_Is503()
    {
        // A call that may not wait can use only what is open already.
        await Eventually.HoldsAsync(() => _host.Pool("one").Idle == 1, "the minimum to be open");
        await WhileOneIsInFlightAsync("one", _warm, () => RefusedAsync("one", FailureCode.QueueFull, 503, Stage.Admit, Party.Pool));
    }

    [Fact]
    public async Task Queue_LongestWaitOver_Is503() =>
        await WhileOneIsInFlightAsync("hasty", _http1, () => RefusedAsync("hasty", FailureCode.QueueTimeout, 503, Stage.Admit, Party.Pool));

    [Fact]
    public async Task Upstream_NobodyListens_Is502_ThenACircuitOpenWithRetryAfter()
    {
        await RefusedAsync("gone", FailureCode.ConnectFailed, 502, Stage.Connect, Party.Upstream);
        await Eventually.HoldsAsync(async () => (await _client.GetAsync("/e/gone/")).StatusCode == HttpStatusCode.ServiceUnavailable, "the circuit to open");
        using var response = await _client.GetAsync("/e/gone/");
        await IsAsync(response, FailureCode.CircuitOpen, 503, Stage.Connect, Party.Upstream);
        var seconds = int.Parse(Assert.Single(response.Headers.GetValues("retry-after")), CultureInfo.InvariantCulture);
        Assert.InRange(seconds, 1, 60);
    }

    [Fact]
    public Task Upstream_AcceptsAndSaysNothing_Is504() => RefusedAsync("mute", FailureCode.ConnectTimeout, 504, Stage.Connect, Party.Upstream);

    [Fact]
    public Task Upstream_AcceptsAndCloses_Is502() => RefusedAsync("closing", FailureCode.HandshakeFailed, 502, Stage.Connect, Party.Upstream);

    [Fact]
    public async Task Deadline_OverAtTheUpstream_Is504()
    {
        var call = RefusedAsync("short", FailureCode.DeadlineAtUpstream, 504, Stage.Await, Party.Upstream);
        var request = await _http1.RequestAsync();
        await call;
        await request.Connection.ClosedAsync();
    }

    [Fact]
    public async Task Upstream_ClosesWithoutAnAnswer_Is502()
    {
        var call = RefusedAsync("web", FailureCode.UpstreamClosed, 502, Stage.Receive, Party.Upstream);
        (await _http1.RequestAsync()).Connection.Close();
        await call;
    }

    [Fact]
    public async Task Upstream_AnswersGarbage_Is502()
    {
        var call = RefusedAsync("web", FailureCode.UpstreamProtocolError, 502, Stage.Receive, Party.Upstream);
        await (await _http1.RequestAsync()).Connection.SendAsync("SSH-2.0-OpenSSH_9.6\r\n");
        await call;
    }

    [Fact]
    public async Task Upstream_Resets_Is502()
    {
        var call = RefusedAsync("h2", FailureCode.UpstreamReset, 502, Stage.Receive, Party.Upstream);
        await (await (await _http2.ConnectionAsync()).CallAsync()).ResetAsync(2);
        await call;
    }

    [Fact]
    public async Task Headers_MoreThanTheUpstreamTakes_Is431()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/e/h2/") { Headers = { { "x-large", new string('x', 1_000) } } };
        using var response = await _client.SendAsync(request).InTime("the refusal");
        await IsAsync(response, FailureCode.HeadersTooLarge, 431, Stage.Send, Party.Caller);
    }

    [Theory]
    [InlineData(1_001)]
    [InlineData(200_000)]
    public async Task Request_OverItsLimit_Is413(int bytes)
    {
        using var response = await _client.PostAsync("/e/small/", new ByteArrayContent(new byte[bytes])).InTime("the refusal");
        await IsAsync(response, FailureCode.RequestTooLarge, 413, Stage.Send, Party.Caller);
        await _host.IsQuietAsync("small");
    }

    [Fact]
    public async Task Answer_OverItsLimit_Is502WhereNothingWasSentYet()
    {
        var call = RefusedAsync("small", FailureCode.ResponseTooLarge, 502, Stage.Receive, Party.Upstream);
        await (await _http1.RequestAsync()).AnswerAsync(new string('x', 1_001));
        await call;
    }

    [Fact]
    public async Task Answer_OverItsLimitAfterItsFirstBytes_BreaksOff_WithNoProblemBehindThem()
    {
        var call = _client.GetAsync("/e/medium/");
        await (await _http1.RequestAsync()).AnswerAsync(new string('x', 20_000));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => call.InTime("the answer to break off"));
    }

    [Fact]
    public Task GrpcEndpoint_OverHttp1_Is400() => RefusedAsync("rpc", FailureCode.RequestInvalid, 400, Stage.Route, Party.Caller);

    [Fact]
    public async Task GrpcEndpoint_ForSomethingElse_Is415()
    {
        using var client = Callers.Http2(_host.Address);
        using var response = await client.GetAsync("/e/rpc/").InTime("the refusal");
        await IsAsync(response, FailureCode.ContentTypeUnsupported, 415, Stage.Route, Party.Caller);
    }

    private static (string Key, string Value)[] Endpoint(string name, string protocol, string address, params (string Key, string Value)[] more) =>
        [($"{name}:Protocol", protocol), ($"{name}:Addresses:0", address), .. more.Select(setting => ($"{name}:{setting.Key}", setting.Value))];

    private async Task WhileOneIsInFlightAsync(string endpoint, Http1Upstream upstream, Func<Task> refused)
    {
        var first = _client.GetStringAsync($"/e/{endpoint}/");
        var request = await upstream.RequestAsync();
        await refused();
        await request.AnswerAsync("done");
        Assert.Equal("done", await first.InTime("the answer to the first"));
        await _host.IsQuietAsync(endpoint);
    }

    private async Task RefusedAsync(string endpoint, FailureCode code, int status, Stage stage, Party party)
    {
        using var response = await _client.GetAsync($"/e/{endpoint}/").InTime("the refusal");
        await IsAsync(response, code, status, stage, party);
    }

    private static async Task IsAsync(HttpResponseMessage response, FailureCode code, int status, Stage stage, Party party)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        var problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal((code.ToString(), status), (problem.GetProperty("title").GetString(), problem.GetProperty("status").GetInt32()));
        Assert.Equal((stage.ToString(), party.ToString()), (problem.GetProperty("stage").GetString(), problem.GetProperty("party").GetString()));
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        string[] origin = [.. new[] { "orleanspool-error", "orleanspool-stage", "orleanspool-party" }.Select(name => Assert.Single(response.Headers.GetValues(name)))];
        Assert.Equal([code.ToString(), stage.ToString(), party.ToString()], origin);
    }
}
