using Microsoft.Playwright;
using OrleansPool.Gateway.Tests.Hosting;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace OrleansPool.Gateway.Tests.Live;

/// <summary>How the console looks with readings of the test's own making: a full quarter of an hour, many endpoints, odd names, small windows. Pictures are kept.</summary>
[Collection(Browser.Collection)]
public sealed class ConsoleLooksTests(Browser browser, ITestOutputHelper output) : IAsyncLifetime
{
    private const string Markup = "<img src=x onerror=\"document.title='run'\">";

    private static readonly string[] _endpoints = ["billing", "catalog", "inventory", "notifications", "orders", "payments", "search", "shipping"];

    private GatewayHost _host = null!;

    public async Task InitializeAsync() => _host = await GatewayHost.StartAsync(("billing:Protocol", "http1"), ("billing:Addresses:0", "127.0.0.1:1"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [SkippableTheory]
    [InlineData(ColorScheme.Dark)]
    [InlineData(ColorScheme.Light)]
    public async Task Table_HasEveryEndpoint_AndTheSilentHost(ColorScheme scheme)
    {
        await using var window = await browser.OpenAsync(scheme: scheme);
        await window.ShowAsync(_host.Address, Readings.Of(_endpoints));
        await Expect(window.Rows).ToHaveCountAsync(_endpoints.Length);
        await Expect(window.Page.Locator("#hosts")).ToContainTextAsync("10.1.0.13:11111 silent");
        await Expect(window.Row("orders").Locator(".mark")).ToHaveAttributeAsync("title", "paused by an operator");
        Assert.False(await window.ScrollsSidewaysAsync());
        await window.KeepAsync($"table-{scheme}".ToLowerInvariant());
        Assert.Empty(window.Errors);
    }

    [SkippableTheory]
    [InlineData(ColorScheme.Dark)]
    [InlineData(ColorScheme.Light)]
    public async Task Endpoint_ShowsEachChangeOfItsLimit_AndWhy(ColorScheme scheme)
    {
        await using var window = await browser.OpenAsync(1440, 1560, scheme);
        await window.ShowAsync(_host.Address, Readings.WithPageOf("billing", _endpoints[1..]), "billing");
        var changes = window.Page.Locator(".chart .change");
        await Expect(changes).ToHaveCountAsync(4);
        await changes.Nth(1).HoverAsync(new LocatorHoverOptions { Force = true });
        await Expect(window.Page.Locator("#tip")).ToContainTextAsync("Limit 28 → 18");
        await Expect(window.Page.Locator("#tip")).ToContainTextAsync("The upstream pushed calls back");
        await Expect(window.Page.Locator(".heat")).ToHaveCountAsync(3);
        await Expect(window.Page.Locator(".stages .hit")).ToHaveTextAsync(["admit41", "receive880"]);
        await window.KeepAsync($"endpoint-{scheme}".ToLowerInvariant());
        Assert.Empty(window.Errors);
    }

    [SkippableFact]
    public async Task Window_Of400Pixels_IsNoWiderThanThat()
    {
        await using var window = await browser.OpenAsync(400, 860);
        await window.ShowAsync(_host.Address, Readings.WithPageOf("billing", _endpoints[1..]));
        await Expect(window.Rows).ToHaveCountAsync(_endpoints.Length);
        Assert.False(await window.ScrollsSidewaysAsync());
        await window.KeepAsync("table-400");
        await window.Row("billing").ClickAsync();
        await Expect(window.Page.Locator(".chart .change")).ToHaveCountAsync(4);
        Assert.False(await window.ScrollsSidewaysAsync());
        await window.KeepAsync("endpoint-400");
    }

    [SkippableFact]
    public async Task Endpoint_CalledLikeMarkup_IsText()
    {
        await using var window = await browser.OpenAsync();
        await window.ShowAsync(_host.Address, Readings.WithPageOf(Markup));
        await Expect(window.Rows.Locator("a")).ToHaveTextAsync(Markup);
        await window.Rows.First.ClickAsync();
        await Expect(window.Heading).ToHaveTextAsync(Markup);
        Assert.Equal(0, await window.Page.Locator("img").CountAsync());
        Assert.NotEqual("run", await window.Page.TitleAsync());
        Assert.Empty(window.Errors);
    }

    [SkippableFact]
    public async Task Endpoints_FiveHundred_AreAllThere_AndFound()
    {
        await using var window = await browser.OpenAsync();
        var began = TimeProvider.System.GetTimestamp();
        await window.ShowAsync(_host.Address, Readings.Of(Enumerable.Range(0, 500).Select(number => $"service-{number:000}")));
        await Expect(window.Rows).ToHaveCountAsync(500);
        output.WriteLine($"500 endpoints after {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:F0} ms");
        await window.Page.Locator("#filter").FillAsync("service-49");
        await Expect(window.Rows).ToHaveCountAsync(10);
        await window.Page.Keyboard.PressAsync("Enter");
        await Expect(window.Heading).ToHaveTextAsync("service-490");
        Assert.Empty(window.Errors);
    }
}
