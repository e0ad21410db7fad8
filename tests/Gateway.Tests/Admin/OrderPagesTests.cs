using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Http1;

namespace OrleansPool.Gateway.Tests.Admin;

/// <summary>What an operator tells an endpoint over HTTP.</summary>
public sealed class OrderPagesTests : IAsyncLifetime
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

    [Fact]
    public async Task Pause_HoldsCalls_AndResumeLetsThemGo()
    {
        await TellAsync("pause");
        await Eventually.HoldsAsync(() => _host.Pool("billing").IsPaused, "the pool to pause");
        var call = _client.GetStringAsync("/e/billing/");
        await Eventually.HoldsAsync(() => _host.Pool("billing").Waiting == 1, "the call to wait");
        Assert.Equal(0, _upstream.Requests);
        await TellAsync("resume");
        await (await _upstream.RequestAsync()).AnswerAsync("late");
        Assert.Equal("late", await call.InTime("the answer"));
    }

    [Theory]
    [InlineData("limit", "value=3", 3, 30, "enforce")]
    [InlineData("cap", "value=12", 7, 12, "enforce")]
    [InlineData("mode", "value=observe", 30, 30, "observe")]
    public async Task Numbers_ThatAreSet_AreTheBudgets_UntilAuto(string verb, string value, int limit, int cap, string mode)
    {
        var before = await BudgetAsync();
        await TellAsync($"{verb}?{value}");
        Assert.Equal((limit, cap, mode), await BudgetAsync());
        await TellAsync($"{verb}?value=auto");
        await Eventually.HoldsAsync(async () => (await BudgetAsync()) is var now && (now.Cap, now.Mode) == (before.Cap, before.Mode), "cap and mode to be the configured ones");
    }

    [Theory]
    [InlineData("limit", "allowed are 1 to 1000000, or auto")]
    [InlineData("limit?value=0", "value = 0: allowed are 1")]
    [InlineData("cap?value=31", "allowed are 1 to 30 (Pool:Max")]
    [InlineData("mode?value=1", "one of enforce, observe, off or auto")]
    [InlineData("pause?value=1", "this verb takes none")]
    [InlineData("reconnect?keep=true", "nothing to keep")]
    public async Task Order_WithWhatItCannotHave_IsRefusedWithWhatItCan(string order, string why)
    {
        using var response = await _client.TellAsync($"/admin/endpoints/billing/{order}");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(why, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/admin/endpoints/nobody/pause", "there are billing")]
    [InlineData("/admin/endpoints/%3Cb%3Ex%0D%0A/pause", "There is no endpoint")]
    public async Task Order_ToNoEndpoint_SaysWhichThereAre(string path, string why)
    {
        using var response = await _client.TellAsync(path);
        Assert.Equal(("text/plain", "nosniff"), (response.Content.Headers.ContentType?.MediaType, response.Headers.GetValues("X-Content-Type-Options").Single()));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains(why, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keep_WithoutAStore_SaysThatItIsNotStored()
    {
        using var response = await _client.TellAsync("/admin/endpoints/billing/pause?keep=true");
        var told = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("notStored", told.GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Reload_SaysWhatBecameOfIt()
    {
        using var response = await _client.TellAsync("/admin/reload");
        var reload = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.OK, 2, true), (response.StatusCode, reload.GetProperty("version").GetInt32(), reload.GetProperty("isApplied").GetBoolean()));
        var shown = await _client.GetFromJsonAsync<JsonElement>("/admin/config");
        Assert.Equal(2, shown.GetProperty("lastReload").GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Config_ShowsEachValueWithItsSource_ByEndpoint()
    {
        var text = await _client.GetStringAsync("/admin/config?format=text&endpoint=billing");
        Assert.Matches("OrleansPool:Endpoints:billing:Pool:Max +30 +MemoryConfigurationProvider", text);
        Assert.DoesNotContain("Gateway", text, StringComparison.Ordinal);
    }

    private async Task TellAsync(string order)
    {
        using var response = await _client.TellAsync($"/admin/endpoints/billing/{order}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<(int Limit, int Cap, string Mode)> BudgetAsync()
    {
        var budget = await _client.GetFromJsonAsync<JsonElement>("/admin/budget/billing");
        return (budget.GetProperty("limit").GetInt32(), budget.GetProperty("cap").GetInt32(), budget.GetProperty("limitMode").GetString()!);
    }
}
