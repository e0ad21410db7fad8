using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansPool.Cluster.Tests.Hosting;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>Plain HTTP by <see cref="HttpClient"/>, to an upstream that speaks HTTP/1.1.</summary>
[Collection(RoutedCluster.Collection)]
public sealed class HttpTests(RoutedCluster cluster) : IDisposable
{
    private readonly HttpClient _client = new(cluster.Client.Handler("web")) { BaseAddress = new Uri("http://web.pool") };

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Get_WithQueryAndHeaders_ArrivesAsSent()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mirror/a%20b/c?d=e&f=%26");
        request.Headers.Add("x-several", ["one", "two"]);
        using var response = await _client.SendAsync(request).InTime("the answer");
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n');

        Assert.Equal("GET /mirror/a%20b/c?d=e&f=%26", lines[0]);
        Assert.Contains(lines, line => line is "x-several: one, two" or "x-several: one,two");
        Assert.Equal(["yes"], response.Headers.GetValues("x-mirror"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64 * 1024)]
    [InlineData(3_000_000)]
    public async Task Post_BodyOfAnySize_ComesBack(int size)
    {
        using var content = new ByteArrayContent(Filler.Of(size));
        content.Headers.ContentType = new("application/x-filler");
        using var response = await _client.PostAsync("/echo", content).InTime("the answer");

        Assert.Equal("application/x-filler", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Filler.Of(size), await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData(4, 16 * 1024)]
    [InlineData(3, 64 * 1024)]
    [InlineData(100, 1000)]
    public async Task Post_BodyInPieces_ArrivesWhole(int pieces, int pieceSize)
    {
        using var content = new PiecewiseContent(pieces, pieceSize);
        using var response = await _client.PostAsync("/echo", content).InTime("the answer");
        var echoed = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal(Enumerable.Repeat(Filler.Of(pieceSize), pieces).SelectMany(piece => piece), echoed);
    }

    [Fact]
    public async Task Get_AnswerPausesMidway_HeadAndFirstBytesAreHereMeanwhile()
    {
        var record = cluster.Calls.Expect("trickle");
        using var response = await _client.GetAsync($"/trickle/{record.Id}", HttpCompletionOption.ResponseHeadersRead).InTime("the head");
        using var body = new StreamReader(await response.Content.ReadAsStreamAsync());
        var first = new char[6];
        Assert.Equal(6, await body.ReadBlockAsync(first).InTime("the first bytes"));
        record.OpenGate();

        Assert.Equal("first,second", new string(first) + await body.ReadToEndAsync().InTime("the rest"));
    }

    [Fact]
    public async Task Get_ResponseIsDroppedMidway_UpstreamSeesIt()
    {
        var record = cluster.Calls.Expect("trickle-dropped");
        using (await _client.GetAsync($"/trickle/{record.Id}", HttpCompletionOption.ResponseHeadersRead).InTime("the head"))
        {
        }

        await record.CancelledAsync();
        await cluster.Silos.AreQuietAsync("web");
    }

    [Fact]
    public async Task Get_CancelledWithAReadUnderWay_ReaderAndUpstreamSeeIt()
    {
        var record = cluster.Calls.Expect("trickle-cancelled");
        using var handler = new HttpMessageInvoker(cluster.Client.Handler("web"));
        using var leaving = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://web.pool/trickle/{record.Id}");
        using (var response = await handler.SendAsync(request, leaving.Token).InTime("the head"))
        {
            var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[6]).AsTask().InTime("the first bytes");
            var next = body.ReadAsync(new byte[1]).AsTask();
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.InTime("the read to end"));
        }

        await record.CancelledAsync();
        await cluster.Silos.AreQuietAsync("web");
    }

    [Fact]
    public async Task Post_SourceFailsMidway_CallerGetsItsOwnErrorAndTheUpstreamSeesTheEnd()
    {
        var record = cluster.Calls.Expect("source-fails");
        record.OpenGate();
        using var content = new PiecewiseContent(10, 16 * 1024, new InvalidOperationException("the source is dry"));

        using var response = await _client.PostAsync($"/take/{record.Id}", content).InTime("the call to fail");
        Assert.Equal(["CallerAborted"], response.Headers.GetValues("orleanspool-error"));
        await cluster.Silos.AreQuietAsync("web");
    }

    [Fact]
    public async Task Status_OfTheUpstream_PassesWithItsBody()
    {
        using var response = await _client.GetAsync("/missing").InTime("the answer");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(["upstream"], response.Headers.GetValues("x-of"));
        Assert.Equal("no such thing", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Endpoint_Unknown_IsAProblemThatSaysWhoAndWhere()
    {
        using var client = new HttpClient(cluster.Client.Handler("nowhere"));
        using var response = await client.GetAsync("http://any/").InTime("the refusal");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["EndpointUnknown", "Route", "Caller"], new[] { "title", "stage", "party" }.Select(name => problem.GetProperty(name).GetString()));
    }
}
