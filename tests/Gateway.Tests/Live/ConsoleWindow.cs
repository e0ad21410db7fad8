using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace OrleansPool.Gateway.Tests.Live;

/// <summary>The console in a window, and what went wrong in it.</summary>
internal sealed class ConsoleWindow : IAsyncDisposable
{
    // Beside the other results of the run, where that says where they are.
    private static readonly string _pictures = Path.Combine(Environment.GetEnvironmentVariable("ORLEANSPOOL_TEST_RESULTS") ?? Path.Combine(AppContext.BaseDirectory, "TestResults"), "console");

    private readonly ConcurrentQueue<string> _errors = new();

    public ConsoleWindow(IPage page)
    {
        Page = page;
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") _errors.Enqueue(message.Text);
        };
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings on the browser's console so far.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>All rows of the table that are shown.</summary>
    public ILocator Rows => Page.Locator(".rows .row");

    public ILocator Row(string endpoint) => Page.Locator($".rows .row[data-name='{endpoint}']");

    /// <summary>A cell of a row by its number, from 0.</summary>
    public ILocator Cell(string endpoint, int column) => Row(endpoint).GetByRole(AriaRole.Gridcell).Nth(column);

    /// <summary>The figure of one of the cluster's tiles.</summary>
    public ILocator Tile(string label) => Page.Locator("#cluster > div").Filter(new LocatorFilterOptions { Has = Page.GetByText(label, new PageGetByTextOptions { Exact = true }) }).Locator("dd");

    public ILocator Heading => Page.Locator("#detail h1");

    public ILocator Stale => Page.Locator("#stale");

    /// <summary>Opens the console of a host, or one of its endpoints' page, and waits for the first reading.</summary>
    public async Task GoAsync(Uri host, string? endpoint = null)
    {
        await Page.GotoAsync(new Uri(host, endpoint is null ? "/console" : $"/console#/e/{endpoint}").ToString());
        await Page.Locator("#pulse[data-state=live]").WaitForAsync();
    }

    /// <summary>Opens the console of a host, but its readings are the test's.</summary>
    public async Task ShowAsync(Uri host, string readings, string? endpoint = null)
    {
        await Page.RouteAsync("**/admin/live*", route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/event-stream", Body = readings }));
        await GoAsync(host, endpoint);
    }

    /// <summary>Keeps a picture of it for people.</summary>
    public Task KeepAsync(string name) => Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(_pictures, $"{name}.png"), Animations = ScreenshotAnimations.Disabled });

    public Task<bool> ScrollsSidewaysAsync() => Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth");

    public async ValueTask DisposeAsync() => await Page.CloseAsync();
}
