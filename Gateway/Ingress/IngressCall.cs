using Microsoft.AspNetCore.Http;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Gateway.Ingress;

/// <summary>One request on its way through: read, call, write.</summary>
internal static class IngressCall
{
    public static async Task ForwardAsync(HttpContext context, Endpoint endpoint, string target)
    {
        var isHttp2 = HttpProtocol.IsHttp2(context.Request.Protocol);
        if (endpoint.Protocol == Protocol.Grpc && !isHttp2)
        {
            await ResponseWriter.WriteAsync(context, FailureReply.For(NeedsHttp2(endpoint, context), isGrpc: false)).ConfigureAwait(false);
            return;
        }

        var (request, bodyEnd) = await RequestReader.ReadAsync(context, endpoint, target).ConfigureAwait(false);
        await CallAsync(context, endpoint, request).ConfigureAwait(false);
        if (bodyEnd is { } end) context.Request.BodyReader.AdvanceTo(end);
    }

    private static async ValueTask CallAsync(HttpContext context, Endpoint endpoint, CallRequest request)
    {
        var result = await endpoint.CallAsync(request, context.RequestAborted).ConfigureAwait(false);
        if (result.Response is null)
        {
            await ResponseWriter.WriteAsync(context, FailureReply.For(result.Failure!, request.IsGrpc)).ConfigureAwait(false);
            return;
        }

        await using (result.Response.ConfigureAwait(false))
        {
            await ResponseWriter.WriteAsync(context, result.Response, request.IsGrpc).ConfigureAwait(false);
        }
    }

    private static CallFailure NeedsHttp2(Endpoint endpoint, HttpContext context) =>
        new(FailureCode.RequestInvalid, $"{endpoint.Name} speaks gRPC, which needs HTTP/2; the request came as {context.Request.Protocol}.");
}
