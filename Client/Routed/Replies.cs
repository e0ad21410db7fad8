using System.Net;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Client.Routed;

/// <summary>Makes response messages of what came over the wire.</summary>
internal static class Replies
{
    /// <summary>A response whose head is <paramref name="head"/>.</summary>
    public static HttpResponseMessage Begin(HttpRequestMessage request, PieceMessage head, HttpContent content) =>
        New(request, head.Status, new HeaderBlock(head.Headers ?? []), content);

    /// <summary>A response that says why there is no answer.</summary>
    public static HttpResponseMessage Failed(HttpRequestMessage request, CallFailure failure, bool isGrpc)
    {
        var reply = FailureReply.For(failure, isGrpc);
        return New(request, reply.Status, reply.Headers, new ReadOnlyMemoryContent(reply.Body));
    }

    /// <summary>Puts trailers where a reader looks for them after the body.</summary>
    public static void AddTrailers(HttpResponseMessage response, HeaderBlock trailers)
    {
        for (var at = 0; at < trailers.Count; at++)
        {
            var (name, value) = trailers[at];
            response.TrailingHeaders.TryAddWithoutValidation(name, value);
        }
    }

    /// <summary>The engine's failure behind a wire failure.</summary>
    public static CallFailure ToFailure(this FailureMessage message) => new((FailureCode)message.Code, message.Detail)
    {
        Stage = (Stage)message.Stage,
        GrpcStatus = (GrpcStatus)message.GrpcStatus,
        RetryAfter = message.RetryAfter,
    };

    private static HttpResponseMessage New(HttpRequestMessage request, int status, HeaderBlock headers, HttpContent content)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { RequestMessage = request, Version = HttpVersion.Version20, Content = content };
        for (var at = 0; at < headers.Count; at++)
        {
            var (name, value) = headers[at];
            if (!response.Headers.TryAddWithoutValidation(name, value)) content.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }
}
