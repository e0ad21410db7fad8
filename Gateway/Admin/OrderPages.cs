using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Hosting;

namespace OrleansPool.Gateway.Admin;

/// <summary>What an operator can tell endpoints and the host: behind <see cref="AdminGate"/>, and each with a line in the log that says who did.</summary>
internal sealed class OrderPages(EndpointDirectory endpoints, EndpointOrders orders, IConfigurationState configuration, ILogger<OrderPages> logger)
{
    private readonly AdminLog _log = new(logger);

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (path, verb) in OrderRequest.Verbs)
            routes.MapPost($"/admin/endpoints/{{endpoint}}/{path}", (string endpoint, string? value, bool? keep, HttpContext context, OrderPages pages) => pages.GiveAsync(endpoint, path, verb, value, keep is true, context));
        routes.MapPost("/admin/reload", (HttpContext context, OrderPages pages) => pages.ReloadAsync(context));
    }

    private async Task<IResult> GiveAsync(string name, string path, OrderVerb verb, string? value, bool keep, HttpContext context)
    {
        if (!endpoints.TryGet(name, out var endpoint)) return AdminAnswer.Unknown(name, endpoints);
        if (!OrderRequest.TryRead(verb, value, keep, endpoint.Snapshot().Max, out var order, out var error)) return Results.Text(error, statusCode: StatusCodes.Status400BadRequest);
        var outcome = await TryGiveAsync(endpoint.Name, order, context.RequestAborted).ConfigureAwait(false);
        _log.Told(AdminGate.OperatorOf(context), endpoint.Name, path, $"value={value ?? "-"} keep={keep}", outcome.ToString());
        return outcome == OrderOutcome.NobodyAnswers
            ? Results.Text(AdminAnswer.NotHeld(endpoint.Name), statusCode: StatusCodes.Status503ServiceUnavailable)
            : AdminAnswer.Of(context, format: null, new Told(endpoint.Name, path, outcome, Sentence(outcome)), told => $"{told.Endpoint}: {told.Verb}: {told.Text}.\n");
    }

    private async Task<OrderOutcome> TryGiveAsync(string endpoint, Order order, CancellationToken cancellation)
    {
        try
        {
            return await orders.GiveAsync(endpoint, order, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The way to the budget is broken, as when its silo has just died: the same to a person as nobody holding it.
            return OrderOutcome.NobodyAnswers;
        }
    }

    private async Task<IResult> ReloadAsync(HttpContext context)
    {
        var reload = await configuration.ReloadAsync(context.RequestAborted).ConfigureAwait(false);
        _log.Told(AdminGate.OperatorOf(context), "this host", "reload", "", reload.IsApplied ? "applied" : "refused");
        return AdminAnswer.Of(context, format: null, reload, ConfigPage.Text, reload.IsApplied ? StatusCodes.Status200OK : StatusCodes.Status409Conflict);
    }

    private static string Sentence(OrderOutcome outcome) => outcome switch
    {
        OrderOutcome.Stored => "in force on all hosts, and stored: it outlives a restart",
        OrderOutcome.NotStored => "in force on all hosts, but not stored: a restart of the cluster ends it, unless the store can be written before",
        _ => "in force on all hosts, until the cluster restarts",
    };

    private sealed record Told(string Endpoint, string Verb, OrderOutcome Outcome, string Text);
}
