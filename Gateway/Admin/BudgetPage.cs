using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Hosting;

namespace OrleansPool.Gateway.Admin;

/// <summary>Why an endpoint's limit is what it is, and who has what of limit and cap: as JSON, or as text for a terminal. Any host answers for all.</summary>
internal static class BudgetPage
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/admin/budget/{endpoint}", ShowAsync);

    private static async Task<IResult> ShowAsync(string endpoint, string? format, HttpContext context, EndpointDirectory endpoints, IBudget budget)
    {
        if (format is not (null or "json" or "text")) return Results.Text($"format = {format}: json or text is expected.\n", statusCode: StatusCodes.Status400BadRequest);
        if (!endpoints.TryGet(endpoint, out _)) return Results.Text(Unknown(endpoint, endpoints), statusCode: StatusCodes.Status404NotFound);
        if (await ViewAsync(endpoint, budget, context.RequestAborted).ConfigureAwait(false) is not { } view)
            return Results.Text(NotHeld(endpoint), statusCode: StatusCodes.Status503ServiceUnavailable);
        return format is "text" || (format is null && WantsText(context)) ? Results.Text(BudgetText.Of(view)) : Results.Json(BudgetDocument.Of(view), AdminPages.Json);
    }

    private static async Task<BudgetView?> ViewAsync(string endpoint, IBudget budget, CancellationToken cancellation)
    {
        try
        {
            return await budget.ViewAsync(endpoint, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The way to it is broken, as when its silo has just died: the same to a person as nobody holding it.
            return null;
        }
    }

    private static bool WantsText(HttpContext context) => context.Request.GetTypedHeaders().Accept.Any(accept => accept.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase));

    private static string Unknown(string endpoint, EndpointDirectory endpoints) =>
        $"There is no endpoint {endpoint}; there are {string.Join(", ", endpoints.All.Select(e => e.Name))}.\n";

    private static string NotHeld(string endpoint) =>
        $"Nobody holds the budget of {endpoint} right now: its silo has just gone, or the budget's store cannot be reached. Holders go on with the shares they have; ask again in some seconds.\n";
}
