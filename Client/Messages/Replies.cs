using System.Net;
using Grpc.Core;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Client.Messages;

/// <summary>Makes response messages of answers and failures.</summary>
internal static class Replies
{
    /// <summary>A response whose head is <paramref name="head"/>.</summary>
    public static HttpResponseMessage Begin(HttpRequestMessage request, PieceMessage head, HttpContent content) =>
        New(request, head.Status, new HeaderBlock(head.Headers ?? []), content);

    /// <summary>A response whose head and body are those of <paramref name="answer"/>.</summary>
    public static HttpResponseMessage Begin(HttpRequestMessage request, CallResponse answer, HttpContent content) => New(request, answer.Status, answer.Headers, content);

    /// <summary>The upstream's own response, with another content in the place of its own.</summary>
    public static HttpResponseMessage Adopt(HttpRequestMessage request, HttpResponseMessage response, HttpContent content)
    {
        foreach (var (name, values) in response.Content.Headers.NonValidated)
        {
            if (values.Count == 1) content.Headers.TryAddWithoutValidation(name, values.ToString());
            else content.Headers.TryAddWithoutValidation(name, values);
        }

        (response.RequestMessage, response.Content) = (request, content);
        return response;
    }

    /// <summary>
    /// Ends a body in a failure after its head was given away: for a gRPC caller by trailers between two messages, else by an exception.
    /// </summary>
    /// <param name="response">Gets the trailers.</param>
    /// <param name="failure">Why it ends.</param>
    /// <param name="isGrpc">Whether the caller reads gRPC.</param>
    /// <param name="boundary">How far the messages are here.</param>
    public static void EndWith(HttpResponseMessage response, CallFailure failure, bool isGrpc, in MessageBoundary boundary)
    {
        if (!isGrpc) throw new HttpIOException(HttpRequestError.ResponseEnded, failure.ToString());

        // Trailers behind half a message would make the reader call it a broken answer, and hide the status.
        if (!boundary.IsHere) throw new RpcException(new Status((StatusCode)(int)failure.GrpcStatus, $"{failure.Code}: {failure.Detail}"));
        AddTrailers(response, FailureReply.GrpcTrailers(failure));
    }

    /// <summary>A response that says why there is no answer.</summary>
    public static HttpResponseMessage Failed(HttpRequestMessage request, CallFailure failure, bool isGrpc)
    {
        var reply = FailureReply.For(failure, isGrpc);
        return New(request, reply.Status, reply.Headers, new ReadOnlyMemoryContent(reply.Body));
    }

    /// <summary>The response, unless its caller left just as it came: who did gets what he gets at any other moment, and nobody else would dispose of it.</summary>
    public static HttpResponseMessage Kept(HttpResponseMessage response, CancellationToken caller)
    {
        if (!caller.IsCancellationRequested) return response;
        response.Dispose();
        throw new OperationCanceledException(caller);
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
