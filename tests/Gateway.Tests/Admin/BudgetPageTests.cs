using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Http1;

namespace OrleansPool.Gateway.Tests.Admin;

/// <summary>The page that answers why a limit is what it is.</summary>
public sealed class BudgetPageTests : IAsyncLifetime
{
    private readonly Http1Upstream _upstream = Http1Upstream.Start();
    private GatewayHost _host = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _host = await GatewayHost.StartAsync(
            ("billing:Protocol", "http1"), ("billing:Addresses:0", _upstream.Address), ("billing:Pool:Max", "30"), ("billing:Limits:Initial", "7"));
        _client = Callers.Http1(_host.Address);
        await Eventually.HoldsAsync(async () => (await BudgetAsync()).GetProperty("holders").GetArrayLength() == 1, "the host to hold a share");
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _upstream.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Budget_AsJson_HasLimitCapReasonAndHolders()
    {
        var budget = await BudgetAsync();
        Assert.Equal((7, 30), (budget.GetProperty("limit").GetInt32(), budget.GetProperty("cap").GetInt32()));
        Assert.Equal(("enforce", "normal"), (budget.GetProperty("limitMode").GetString(), budget.GetProperty("mode").GetString()));
        Assert.NotEmpty(budget.GetProperty("why").GetString()!);
        Assert.InRange(budget.GetProperty("holders")[0].GetProperty("permits").GetInt32(), 0, 7);
    }

    [Fact]
    public async Task Budget_AsText_SaysInItsFirstLineWhyTheLimitIsWhatItIs()
    {
        var text = await _client.GetStringAsync("/admin/budget/billing?format=text");
        Assert.StartsWith("billing: the limit is 7 (enforce): ", text);
        Assert.Contains("of the cap of 30", text);
    }

    [Fact]
    public async Task Budget_ForWhoAcceptsText_IsText()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/budget/billing") { Headers = { { "Accept", "text/plain" } } };
        using var response = await _client.SendAsync(request);
        Assert.StartsWith("billing: the limit is 7", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/admin/budget/nobody", HttpStatusCode.NotFound, "there are billing")]
    [InlineData("/admin/budget/billing?format=xml", HttpStatusCode.BadRequest, "json or text is expected")]
    public async Task Budget_AskedForWrongly_SaysWhatThereIs(string path, HttpStatusCode status, string hint)
    {
        using var response = await _client.GetAsync(path);
        Assert.Equal(status, response.StatusCode);
        Assert.Contains(hint, await response.Content.ReadAsStringAsync());
    }

    private Task<JsonElement> BudgetAsync() => _client.GetFromJsonAsync<JsonElement>("/admin/budget/billing");
}
