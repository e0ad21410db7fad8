using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.Operations;

/// <summary>Callers that call one after the other, each its endpoint, whatever the answer, until the test ends.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _client;
    private readonly Task _calling;

    private Load(Uri host, string[] endpoints)
    {
        _client = Callers.Http1(host);
        _calling = Task.WhenAll(endpoints.Select(CallAsync));
    }

    /// <summary>Starts a caller for each name.</summary>
    public static Load Start(Uri host, params string[] endpoints) => new(host, endpoints);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _calling;
        _client.Dispose();
        _end.Dispose();
    }

    private async Task CallAsync(string endpoint)
    {
        // The machine has other work than calls that fail at once.
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(25), TimeProvider.System);
        try
        {
            while (await pause.WaitForNextTickAsync(_end.Token))
            {
                using var answer = await _client.GetAsync(new Uri($"/e/{endpoint}/", UriKind.Relative), _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
