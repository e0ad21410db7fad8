using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Http1;

namespace OrleansPool.Gateway.Tests.Admin;

/// <summary>What the hosts know, as an operator asks for it.</summary>
public sealed class ReportPagesTests : IAsyncLifetime
{
    private readonly Http1Upstream _upstream = Http1Upstream.Start();
    private GatewayHost _host = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _host = await AdminHost.StartWithKeyAsync(_upstream.Address);
        _client = Callers.Http1(_host.Address);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _upstream.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("pools", "endpoint +host +protocol")]
    [InlineData("connections", "endpoint +host +address +state")]
    [InlineData("callers", "endpoint +host +caller")]
    [InlineData("upstreams", "endpoint +host +address +phase")]
    [InlineData("errors", "endpoint +host +stage")]
    [InlineData("config", "key +value +source")]
    [InlineData("check", "All is well|: ")]
    public async Task Page_IsJson_OrTextForWhoAsks_AndKnowsNoOtherForm(string page, string text)
    {
        using var json = JsonDocument.Parse(await _client.GetStringAsync($"/admin/{page}"));
        Assert.Matches(text, await _client.GetStringAsync($"/admin/{page}?format=text"));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/admin/{page}") { Headers = { { "Accept", "text/plain" } } };
        using var accepted = await _client.SendAsync(request);
        Assert.Equal("text/plain", accepted.Content.Headers.ContentType?.MediaType);
        using var other = await _client.GetAsync($"/admin/{page}?format=xml");
        Assert.Equal(HttpStatusCode.BadRequest, other.StatusCode);
    }

    [Theory]
    [InlineData("pools")]
    [InlineData("connections")]
    [InlineData("callers")]
    [InlineData("upstreams")]
    [InlineData("errors")]
    public async Task Page_OfAnEndpointThatThereIsNot_SaysWhichThereAre(string page)
    {
        using var response = await _client.GetAsync($"/admin/{page}?endpoint=nobody");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("there are billing", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_InFlight_IsSeenWithItsConnectionCallerAndUpstream()
    {
        var call = _client.GetStringAsync("/e/billing/");
        var request = await _upstream.RequestAsync();
        var connection = await OnlyRowAsync("connections");
        Assert.Equal((1, 1), (connection.GetProperty("inFlight").GetInt32(), connection.GetProperty("uses").GetInt32()));
        Assert.Equal(1, (await OnlyRowAsync("callers")).GetProperty("inFlight").GetInt32());
        Assert.Equal(("well", 1), await UpstreamAsync());
        await request.AnswerAsync("done");
        await call;
    }

    [Fact]
    public async Task Check_OfAPausedEndpoint_SaysSo_AndWhatToDo()
    {
        (await _client.TellAsync("/admin/endpoints/billing/pause")).Dispose();
        var check = await _client.GetFromJsonAsync<JsonElement>("/admin/check");
        Assert.False(check.GetProperty("isWell").GetBoolean());
        var finding = Assert.Single(check.GetProperty("findings").EnumerateArray(), found => found.GetProperty("about").GetString() == "billing");
        Assert.Equal(("an operator paused it: calls wait", "Resume it when what it was for is done."), (finding.GetProperty("what").GetString(), finding.GetProperty("hint").GetString()));
    }

    private async Task<JsonElement> OnlyRowAsync(string page)
    {
        var document = await _client.GetFromJsonAsync<JsonElement>($"/admin/{page}?endpoint=billing");
        var line = Assert.Single(document.GetProperty("rows").EnumerateArray());
        Assert.Equal("billing", line.GetProperty("endpoint").GetString());
        return line.GetProperty("row");
    }

    private async Task<(string? Phase, int InFlight)> UpstreamAsync()
    {
        var upstream = await OnlyRowAsync("upstreams");
        return (upstream.GetProperty("phase").GetString(), upstream.GetProperty("inFlight").GetInt32());
    }
}
