using Microsoft.Playwright;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Testing.Http1;
using static Microsoft.Playwright.Assertions;

namespace OrleansPool.Gateway.Tests.Live;

/// <summary>The console in front of a running host, in a real browser.</summary>
[Collection(Browser.Collection)]
public sealed class ConsoleTests(Browser browser) : IAsyncLifetime
{
    private const int InFlight = 2;
    private const int Waiting = 4;
    private const int Calls = 5;

    private readonly Http1Upstream _upstream = Http1Upstream.Start();
    private GatewayHost _host = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _host = await GatewayHost.StartAsync(
            ("billing:Protocol", "http1"), ("billing:Addresses:0", _upstream.Address), ("billing:Pool:Max", "3"), ("billing:Limits:Max", "1"),
            ("ledger:Protocol", "http1"), ("ledger:Addresses:0", "127.0.0.1:1"), ("ledger:Pool:ConnectAttempts", "1"),
            ("orders:Protocol", "http1"), ("orders:Addresses:0", _upstream.Address));
        _client = Callers.Http1(_host.Address);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _upstream.DisposeAsync();
        await _host.DisposeAsync();
    }

    [SkippableFact]
    public async Task Table_UnderLoad_FollowsIt()
    {
        await using var window = await browser.OpenAsync();
        await window.GoAsync(_host.Address);
        await Expect(window.Rows).ToHaveCountAsync(3);
        await Expect(window.Cell("billing", InFlight)).ToHaveTextAsync("0 / 1");

        var (first, second) = (_client.GetStringAsync("/e/billing/1"), _client.GetStringAsync("/e/billing/2"));
        var connection = await _upstream.ConnectionAsync();
        var held = await connection.RequestAsync();
        await Expect(window.Cell("billing", InFlight)).ToHaveTextAsync("1 / 1");
        await Expect(window.Cell("billing", Waiting)).ToContainTextAsync("1 ");
        await Expect(window.Row("billing").Locator(".mark")).ToHaveAttributeAsync("data-state", "pressed");
        await held.AnswerAsync("one");
        await (await connection.RequestAsync()).AnswerAsync("two");
        await Task.WhenAll(first, second).InTime("both answers");

        await Expect(window.Cell("billing", Calls)).ToContainTextAsync("0.");
        await Expect(window.Tile("Success")).ToHaveTextAsync("100 %");
        await Expect(window.Cell("billing", InFlight)).ToHaveTextAsync("0 / 1");
        Assert.Empty(window.Errors);
    }

    [SkippableFact]
    public async Task Failure_IsShownByItsStage_AndInTheFeed()
    {
        await using var window = await browser.OpenAsync();
        await window.GoAsync(_host.Address);
        using (var failed = await _client.GetAsync("/e/ledger/1")) Assert.False(failed.IsSuccessStatusCode);
        await Expect(window.Row("ledger").Locator(".mark")).ToHaveAttributeAsync("data-state", "failing");
        await Expect(window.Page.Locator("#events")).ToContainTextAsync("ledger: no channel could be opened: ConnectFailed");

        await window.Row("ledger").ClickAsync();
        await Expect(window.Heading).ToHaveTextAsync("ledger");
        await Expect(window.Page.Locator(".stages .hit")).ToHaveTextAsync(["connect1"]);
        await Expect(window.Page.GetByRole(AriaRole.Cell, new PageGetByRoleOptions { Name = "ConnectFailed" })).ToBeVisibleAsync();
        Assert.Empty(window.Errors);
    }

    [SkippableFact]
    public async Task Keyboard_Alone_FiltersChoosesOpensAndComesBack()
    {
        await using var window = await browser.OpenAsync();
        await window.GoAsync(_host.Address);
        await window.Page.Keyboard.PressAsync("/");
        await window.Page.Keyboard.TypeAsync("RDER");
        await Expect(window.Rows).ToHaveCountAsync(1);
        await Expect(window.Page.Locator("#count")).ToHaveTextAsync("1 of 3");
        await window.Page.Keyboard.PressAsync("Enter");
        await Expect(window.Heading).ToHaveTextAsync("orders");
        await window.Page.Keyboard.PressAsync("Escape");
        await Expect(window.Row("orders")).ToBeFocusedAsync();

        await window.Page.Keyboard.PressAsync("Escape");
        await Expect(window.Rows).ToHaveCountAsync(3);
        await window.Page.Keyboard.PressAsync("Home");
        await Expect(window.Row("billing")).ToBeFocusedAsync();
        await window.Page.Keyboard.PressAsync("ArrowDown");
        await window.Page.Keyboard.PressAsync("Enter");
        await Expect(window.Heading).ToHaveTextAsync("ledger");
        Assert.Empty(window.Errors);
    }

    [SkippableFact]
    public async Task Filter_ThatFitsNothing_SaysHowToGoOn()
    {
        await using var window = await browser.OpenAsync();
        await window.GoAsync(_host.Address);
        await window.Page.Locator("#filter").FillAsync("nothing-like-it");
        await Expect(window.Page.Locator("#none")).ToHaveTextAsync("No endpoint has “nothing-like-it” in its name. Esc clears the filter.");
        await Expect(window.Rows).ToHaveCountAsync(0);
    }

    [SkippableFact]
    public async Task Host_ThatStops_MakesThePageSayThatItIsOld()
    {
        await using var window = await browser.OpenAsync();
        await window.GoAsync(_host.Address);
        await Expect(window.Stale).ToBeHiddenAsync();
        await _host.StopAsync();
        await Expect(window.Stale).ToContainTextAsync("what you see is old");
        await Expect(window.Page.Locator("#pulse")).ToHaveAttributeAsync("data-state", "stale");
        await window.KeepAsync("stale");
    }

    [SkippableFact]
    public async Task Colours_FollowTheSystem_UntilTheyAreSet()
    {
        await using var window = await browser.OpenAsync(scheme: ColorScheme.Light);
        await window.GoAsync(_host.Address);
        Assert.Equal("rgb(244, 246, 249)", await BackgroundAsync());
        await window.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        Assert.Equal("rgb(13, 17, 23)", await BackgroundAsync());
        await window.Page.Locator("#theme").ClickAsync();
        Assert.Equal("rgb(244, 246, 249)", await BackgroundAsync());

        Task<string> BackgroundAsync() => window.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
    }
}
