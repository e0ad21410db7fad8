using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OrleansPool.Gateway.Live;

/// <summary><c>/console</c>: a page and its modules, which are part of the program and ask for nothing from anywhere else.</summary>
internal static class ConsolePage
{
    // Nothing but what this host serves; no script or style inside the page, so that a name that looks like markup can be nothing but text.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Prefix = "console/";

    private static readonly Dictionary<string, (byte[] Bytes, string ContentType)> _files = typeof(ConsolePage).Assembly.GetManifestResourceNames()
        .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(static name => name[Prefix.Length..], Read, StringComparer.Ordinal);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/console", static (HttpContext context) => Show(context, "index.html"));
        routes.MapGet("/console/{file}", static (HttpContext context, string file) => Show(context, file));
    }

    private static IResult Show(HttpContext context, string file)
    {
        if (!_files.TryGetValue(file, out var found)) return Results.NotFound();
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";

        // Another version of the program has other files under the same names.
        headers.CacheControl = "no-cache";
        return Results.Bytes(found.Bytes, found.ContentType);
    }

    private static (byte[] Bytes, string ContentType) Read(string resource)
    {
        using var stream = typeof(ConsolePage).Assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return (bytes, TypeOf(Path.GetExtension(resource)));
    }

    private static string TypeOf(string extension) => extension switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}
