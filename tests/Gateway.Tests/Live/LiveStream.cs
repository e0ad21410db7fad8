using System.Text.Json;

namespace OrleansPool.Gateway.Tests.Live;

/// <summary>A viewer of /admin/live.</summary>
internal sealed class LiveStream : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private LiveStream(HttpResponseMessage response, Stream body) => (_response, _lines) = (response, new StreamReader(body));

    public static async Task<LiveStream> OpenAsync(HttpClient client, string? endpoint = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoint is null ? "/admin/live" : $"/admin/live?endpoint={endpoint}");
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).InTime("the stream");
        Assert.Equal("text/event-stream", response.EnsureSuccessStatusCode().Content.Headers.ContentType!.MediaType);
        return new LiveStream(response, await response.Content.ReadAsStreamAsync());
    }

    public async Task<(string Name, JsonElement Data)> NextAsync()
    {
        var name = await LineAsync();
        var data = await LineAsync();
        Assert.Equal("", await LineAsync());
        return (name["event: ".Length..], JsonSerializer.Deserialize<JsonElement>(data["data: ".Length..]));
    }

    /// <summary>The first reading of which that holds.</summary>
    public async Task<JsonElement> UntilAsync(Func<JsonElement, bool> condition)
    {
        for (var count = 0; count < 20; count++)
        {
            var (_, data) = await NextAsync();
            if (condition(data)) return data;
        }

        throw new Xunit.Sdk.XunitException("20 readings, and none of them says so.");
    }

    /// <summary>Completes with the end of the stream, however it ends.</summary>
    public async Task EndAsync()
    {
        try
        {
            while (await _lines.ReadLineAsync() is not null)
            {
            }
        }
        catch (IOException)
        {
            // The connection was closed under it.
        }
    }

    public ValueTask DisposeAsync()
    {
        _response.Dispose();
        _lines.Dispose();
        return default;
    }

    private async Task<string> LineAsync() => await _lines.ReadLineAsync().InTime("a line") ?? throw new Xunit.Sdk.XunitException("The stream has ended.");
}
