using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Gateway.Ingress;

/// <summary>
/// First in the host's pipeline: requests for an endpoint are forwarded from here, all others go on to the host's own pages.
/// </summary>
internal sealed class IngressMiddleware(RequestDelegate next, EndpointDirectory endpoints, IHostEnvironment environment, ILogger<IngressMiddleware> logger)
{
    private readonly IngressRouter _router = new(endpoints);
    private readonly IngressLog _log = new(logger);

    public Task InvokeAsync(HttpContext context) => _router.Route(context, out var target, out var endpoint) switch
    {
        IngressRouter.Match.Found => ForwardAsync(context, endpoint!, target),
        IngressRouter.Match.Unknown => RefuseAsync(context, UnknownEndpoint()),
        _ => NextAsync(context),
    };

    private async Task ForwardAsync(HttpContext context, Endpoint endpoint, string target)
    {
        try
        {
            await IngressCall.ForwardAsync(context, endpoint, target).ConfigureAwait(false);
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            _log.CallFault(endpoint.Name, e);
            if (context.Response.HasStarted) context.Abort();
            else await RefuseAsync(context, new CallFailure(FailureCode.InternalError, "The pool failed to carry the call; its log says why.")).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _log.CallerLeft(endpoint.Name, e.Message);
        }
    }

    private async Task NextAsync(HttpContext context)
    {
        await next(context).ConfigureAwait(false);
        if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status404NotFound }) await RefuseAsync(context, UnknownEndpoint()).ConfigureAwait(false);
    }

    private static Task RefuseAsync(HttpContext context, CallFailure failure)
    {
        context.Response.Clear();
        return ResponseWriter.WriteAsync(context, FailureReply.For(failure, GrpcContent.Matches(context.Request.ContentType ?? "")));
    }

    private CallFailure UnknownEndpoint()
    {
        var detail = "Neither the host name nor a path /e/<name>/ names an endpoint.";
        if (environment.IsDevelopment()) detail += $" Known are: {string.Join(", ", endpoints.All.Select(e => e.Name))}.";
        return new CallFailure(FailureCode.EndpointUnknown, detail);
    }
}
