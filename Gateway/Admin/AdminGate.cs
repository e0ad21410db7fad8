using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansPool.Gateway.Hosting;

namespace OrleansPool.Gateway.Admin;

/// <summary>
/// The one gate before the host's own pages: on the right port only, and whatever is no mere look by those alone who may. It stands before the routes, so that none
/// can be added beside it.
/// </summary>
internal sealed class AdminGate(RequestDelegate next, GatewayOptions options, AdminAccess access, ILogger<AdminGate> logger)
{
    private readonly AdminLog _log = new(logger);

    /// <summary>Who sent a request that the gate let through to tell something.</summary>
    public static string OperatorOf(HttpContext context) => context.Items[typeof(AdminGate)] as string ?? throw new InvalidOperationException("A page that tells something stands outside of the gate.");

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (!path.StartsWithSegments("/admin", StringComparison.OrdinalIgnoreCase) && !path.StartsWithSegments("/console", StringComparison.OrdinalIgnoreCase)) return next(context);
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (options.Admin.Listen is not null && !AdminPort.IsOwn(context)) return SayAsync(context, StatusCodes.Status404NotFound, "These pages have a port of their own (Gateway:Admin:Listen).\n");
        return HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || !options.Admin.Write ? next(context) : EnterAsync(context);
    }

    private Task EnterAsync(HttpContext context)
    {
        if (access.Identify(context) is { } name)
        {
            context.Items[typeof(AdminGate)] = name;
            return next(context);
        }

        _log.Refused(context.Request.Method, context.Connection.RemoteIpAddress?.ToString() ?? "unknown");
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return SayAsync(
            context, StatusCodes.Status401Unauthorized,
            $"Who tells a pool something must be known: send the key as \"Authorization: Bearer ...\", or a client certificate and your name as \"{AdminAccess.OperatorHeader}: ...\"; docs/admin.md says more.\n");
    }

    private static Task SayAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
