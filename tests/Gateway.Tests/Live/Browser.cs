using Microsoft.Playwright;

namespace OrleansPool.Gateway.Tests.Live;

/// <summary>Debian's Chromium, one for all tests of the console; started by the first of them that needs it.</summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>Name of the collection of tests that share it, one after the other.</summary>
    public const string Collection = "Browser";

    private const string Program = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A window of its own, with nothing in it yet.</summary>
    internal async Task<ConsoleWindow> OpenAsync(int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Dark)
    {
        RequiredTool.Require(File.Exists(Program), "chromium");
        _playwright ??= await Playwright.CreateAsync();

        // No sandbox: CI runs as root, for which Chromium has none.
        _browser ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Program, Args = ["--no-sandbox", "--disable-gpu"] });
        var page = await _browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = scheme });
        page.SetDefaultTimeout((float)Eventually.Patience.TotalMilliseconds);
        return new ConsoleWindow(page);
    }
}

/// <summary>Ties the tests to the browser they share.</summary>
[CollectionDefinition(Browser.Collection)]
public sealed class BrowserCollection : ICollectionFixture<Browser>;
