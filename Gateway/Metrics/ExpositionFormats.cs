using Microsoft.AspNetCore.Http;

namespace OrleansPool.Gateway.Metrics;

/// <summary>Which format a scrape gets, and by what name.</summary>
internal static class ExpositionFormats
{
    private const string OpenMetricsType = "application/openmetrics-text";

    /// <summary>The one that the request asks for: OpenMetrics where it is wanted no less than text, else text, whatever is accepted.</summary>
    public static ExpositionFormat Negotiate(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        var openMetrics = QualityOf(OpenMetricsType);
        return openMetrics > 0 && openMetrics >= QualityOf("text/plain") ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text;

        double QualityOf(string type) =>
            accepted.Where(media => media.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(media => media.Quality ?? 1).DefaultIfEmpty(0).Max();
    }

    /// <summary>The content type.</summary>
    public static string ContentType(this ExpositionFormat format) => format == ExpositionFormat.OpenMetrics
        ? $"{OpenMetricsType}; version=1.0.0; charset=utf-8"
        : "text/plain; version=0.0.4; charset=utf-8";
}
