using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OrleansPool.Gateway.Metrics;

/// <summary>All metrics of this process, for Prometheus to scrape: docs/metrics.md.</summary>
internal static class MetricsPage
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/metrics", Show);

    private static IResult Show(HttpRequest request, ScrapeExporter exporter)
    {
        var format = ExpositionFormats.Negotiate(request);
        return exporter.Scrape(format) is { } text
            ? Results.Text(text, format.ContentType())
            : Results.Text("The host is ending; its metrics are no longer collected.\n", statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
