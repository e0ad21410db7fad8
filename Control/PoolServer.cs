using System.Net;
using System.Net.Http.Headers;

namespace OrleansPool.Control;

/// <summary>A pool's admin pages. What they answer is written as it is: text for people, JSON for scripts.</summary>
internal sealed class PoolServer(Uri address, string? key, bool asJson, TextWriter output, TextWriter errors) : IDisposable
{
    // Moves to the corner and clears what is below (ECMA-48: CUP, ED).
    private const string NewScreen = "\e[H\e[J";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = _patience };

    public Task<int> ShowAsync(string path, CancellationToken cancellation) => AskAsync(HttpMethod.Get, path, cancellation);

    /// <summary>Shows it anew each second, until the token is cancelled or it cannot be shown any more. JSON is one document behind the other.</summary>
    public async Task<int> WatchAsync(string path, CancellationToken cancellation)
    {
        using var pauses = new PeriodicTimer(_pause, TimeProvider.System);
        try
        {
            do
            {
                var screen = new StringWriter();
                using var server = new PoolServer(address, key, asJson, screen, errors);
                if (await server.ShowAsync(path, cancellation) is not ExitCode.Done and var failed) return failed;
                await output.WriteAsync(asJson ? $"{screen}" : $"{NewScreen}{screen}");
            }
            while (await pauses.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Whoever watched has seen enough.
        }

        return ExitCode.Done;
    }

    public Task<int> TellAsync(string path, CancellationToken cancellation) => AskAsync(HttpMethod.Post, path, cancellation);

    /// <summary>Whether all is well: the exit code says so.</summary>
    public async Task<int> CheckAsync(CancellationToken cancellation)
    {
        var findings = new StringWriter();
        using var quiet = new PoolServer(address, key, asJson: true, findings, errors);
        if (await quiet.ShowAsync("/admin/check", cancellation) is not ExitCode.Done and var failed) return failed;
        var shown = await ShowAsync("/admin/check", cancellation);
        return shown == ExitCode.Done && findings.ToString().Contains("\"isWell\": false", StringComparison.Ordinal) ? ExitCode.Findings : shown;
    }

    public void Dispose() => _http.Dispose();

    private async Task<int> AskAsync(HttpMethod method, string path, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(asJson ? "application/json" : "text/plain"));
            request.Headers.Add("orleanspool-operator", Environment.UserName);
            if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var response = await _http.SendAsync(request, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            if (response.IsSuccessStatusCode)
            {
                await output.WriteLineAsync(text.TrimEnd());
                return ExitCode.Done;
            }

            await errors.WriteLineAsync(Explain(response.StatusCode, text));
            return CodeOf(response.StatusCode);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            await errors.WriteLineAsync($"The pool at {address} cannot be reached: {e.Message} Is that its address? --server or ORLEANSPOOL_SERVER names another one.");
            return ExitCode.Unreachable;
        }
    }

    private string Explain(HttpStatusCode status, string text) => status switch
    {
        HttpStatusCode.Unauthorized => $"{address} does not know you: give its key with --key-file or in ORLEANSPOOL_KEY.",
        HttpStatusCode.NotFound when !text.StartsWith("There is no endpoint", StringComparison.Ordinal) => $"{address} has no such page: is Gateway:Admin:Write on there, and is this the port of Gateway:Admin:Listen?",
        _ => text.TrimEnd(),
    };

    private static int CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => ExitCode.Unauthorized,
        HttpStatusCode.ServiceUnavailable => ExitCode.Unreachable,
        _ => ExitCode.Refused,
    };
}
