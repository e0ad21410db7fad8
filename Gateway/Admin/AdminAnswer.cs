using Microsoft.AspNetCore.Http;
using OrleansPool.Core.Hosting;

namespace OrleansPool.Gateway.Admin;

/// <summary>An answer as JSON or as text, as was asked for: by <c>?format=</c>, else by <c>Accept</c>, else JSON.</summary>
internal static class AdminAnswer
{
    /// <summary>The document, in the form that was asked for; 400 for a form that there is not.</summary>
    public static IResult Of<T>(HttpContext context, string? format, T document, Func<T, string> text, int status = StatusCodes.Status200OK)
    {
        if (format is not (null or "json" or "text")) return Results.Text($"format = {format}: json or text is expected.\n", statusCode: StatusCodes.Status400BadRequest);
        return format is "text" || (format is null && WantsText(context)) ? Results.Text(text(document), statusCode: status) : Results.Json(document, AdminPages.Json, statusCode: status);
    }

    /// <summary>There is no endpoint of that name.</summary>
    public static IResult Unknown(string endpoint, EndpointDirectory endpoints) =>
        Results.Text($"There is no endpoint {endpoint}; there are {string.Join(", ", endpoints.All.Select(e => e.Name))}.\n", statusCode: StatusCodes.Status404NotFound);

    /// <summary>Nobody can say anything of its budget.</summary>
    public static string NotHeld(string endpoint) =>
        $"Nobody holds the budget of {endpoint} right now: its silo has just gone, or the budget's store cannot be reached. Holders go on with the shares they have; ask again in some seconds.\n";

    private static bool WantsText(HttpContext context) => context.Request.GetTypedHeaders().Accept.Any(accept => accept.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase));
}
