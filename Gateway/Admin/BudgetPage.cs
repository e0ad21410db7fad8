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
        if (!endpoints.TryGet(endpoint, out _)) return AdminAnswer.Unknown(endpoint, endpoints);
        if (await ViewAsync(endpoint, budget, context.RequestAborted).ConfigureAwait(false) is not { } view)
            return Results.Text(AdminAnswer.NotHeld(endpoint), statusCode: StatusCodes.Status503ServiceUnavailable);
        return AdminAnswer.Of(context, format, BudgetDocument.Of(view), _ => BudgetText.Of(view));
    }

    /// <summary>The budget; null when nobody holds it, or it cannot be asked.</summary>
    public static async Task<BudgetView?> ViewAsync(string endpoint, IBudget budget, CancellationToken cancellation)
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
}
