using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Operations;

namespace OrleansPool.Gateway.Live;

/// <summary>
/// <c>/admin/live</c>: what the console shows, as server-sent events (WHATWG HTML, section 9.2). <c>cluster</c> comes once a second; with <c>?endpoint=</c> there is
/// <c>history</c> first, and <c>endpoint</c> beside each.
/// </summary>
internal static class LivePage
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/admin/live", ShowAsync);

    private static async Task ShowAsync(string? endpoint, HttpContext context, LiveFeed feed, IClusterReports reports, EndpointDirectory endpoints, IHostApplicationLifetime host)
    {
        if (endpoint is not null && !endpoints.TryGet(endpoint, out _))
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "There is no endpoint of that name; /admin/pools has all of them.\n").ConfigureAwait(false);
        }
        else if (!feed.TryJoin(endpoint))
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"{LiveFeed.MostViewers} others look at this host already; close a page, or open the console of another host.\n").ConfigureAwait(false);
        }
        else
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, host.ApplicationStopping);
            await TellAsync(endpoint, context.Response, feed, reports, end.Token).ConfigureAwait(false);
        }
    }

    private static async Task TellAsync(string? endpoint, HttpResponse response, LiveFeed feed, IClusterReports reports, CancellationToken cancellation)
    {
        try
        {
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-store";
            if (endpoint is not null)
            {
                var history = HistoryPicture.Of(endpoint, await reports.GatherAsync(new ReportQuery(ReportParts.History, endpoint), cancellation).ConfigureAwait(false));
                await WriteAsync(response, "history", JsonSerializer.SerializeToUtf8Bytes(history, LiveFrames.Json), cancellation).ConfigureAwait(false);
            }

            for (var number = 0L; ;)
            {
                var frame = await feed.AfterAsync(number, cancellation).ConfigureAwait(false);
                await WriteAsync(response, "cluster", frame.Number == number + 1 && number > 0 ? frame.Changes : frame.Whole, cancellation).ConfigureAwait(false);
                if (endpoint is not null && frame.Endpoints.TryGetValue(endpoint, out var picture)) await WriteAsync(response, "endpoint", picture, cancellation).ConfigureAwait(false);
                await response.Body.FlushAsync(cancellation).ConfigureAwait(false);
                number = frame.Number;
            }
        }
        catch (OperationCanceledException)
        {
            // The viewer left, or the host stops.
        }
        finally
        {
            feed.Leave(endpoint);
        }
    }

    private static async Task WriteAsync(HttpResponse response, string name, byte[] json, CancellationToken cancellation)
    {
        await response.Body.WriteAsync(Encoding.ASCII.GetBytes($"event: {name}\ndata: "), cancellation).ConfigureAwait(false);
        await response.Body.WriteAsync(json, cancellation).ConfigureAwait(false);
        await response.Body.WriteAsync("\n\n"u8.ToArray(), cancellation).ConfigureAwait(false);
    }

    private static async Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text).ConfigureAwait(false);
    }
}
