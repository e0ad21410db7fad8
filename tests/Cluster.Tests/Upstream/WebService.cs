using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OrleansPool.Cluster.Tests.Upstream;

/// <summary>The upstream's plain HTTP pages.</summary>
internal sealed class WebService(CallLog calls)
{
    private const int PieceSize = 16 * 1024;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("/mirror/{**rest}", MirrorAsync);
        routes.MapPost("/echo", EchoAsync);
        routes.MapPost("/take/{id}", (string id, HttpContext context) => ObservedAsync(calls.Of(id), context, TakeAsync));
        routes.MapGet("/large/{bytes:int}", async (int bytes, HttpContext context) => await context.Response.Body.WriteAsync(Filler.Of(bytes)));
        routes.MapGet("/trickle/{id}", (string id, HttpContext context) => ObservedAsync(calls.Of(id), context, TrickleAsync));
        routes.MapGet("/missing", MissingAsync);
    }

    // What arrived, line by line.
    private static Task MirrorAsync(HttpContext context)
    {
        var request = context.Request;
        var text = new StringBuilder($"{request.Method} {request.Path}{request.QueryString}\n");
        foreach (var (name, value) in request.Headers) text.Append($"{name.ToLowerInvariant()}: {value}\n");
        context.Response.Headers["x-mirror"] = "yes";
        return context.Response.WriteAsync(text.ToString());
    }

    private static async Task EchoAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        context.Response.ContentType = context.Request.ContentType;
        await context.Response.Body.WriteAsync(body.ToArray(), context.RequestAborted);
    }

    private static async Task ObservedAsync(CallRecord record, HttpContext context, Func<CallRecord, HttpContext, Task> answer)
    {
        record.OnArrived([], null);
        try
        {
            await answer(record, context);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            record.OnCancelled();
        }
    }

    // Takes one piece, and the others when the gate opens.
    private static async Task TakeAsync(CallRecord record, HttpContext context)
    {
        var piece = new byte[PieceSize];
        for (var count = 1; count > 0;)
        {
            count = await context.Request.Body.ReadAsync(piece, context.RequestAborted);
            record.OnTaken(count);
            await record.Gate.WaitAsync(context.RequestAborted);
        }

        await context.Response.WriteAsync($"{record.Taken}");
    }

    // The head and the first bytes, and the rest when the gate opens.
    private static async Task TrickleAsync(CallRecord record, HttpContext context)
    {
        await context.Response.WriteAsync("first,");
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await record.Gate.WaitAsync(context.RequestAborted);
        await context.Response.WriteAsync("second");
    }

    private static Task MissingAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.Headers["x-of"] = "upstream";
        return context.Response.WriteAsync("no such thing");
    }
}
