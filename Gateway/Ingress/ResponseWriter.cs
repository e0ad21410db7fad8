using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Gateway.Ingress;

/// <summary>Writes an answer to the caller as it comes: flushed when the upstream pauses, held back when the caller does.</summary>
internal static class ResponseWriter
{
    private const int PieceSize = 16 * 1024;
    private const int FlushAt = 64 * 1024;

    // RFC 9113, section 7.
    private const int Http2InternalError = 2;

    public static async Task WriteAsync(HttpContext context, FailureReply reply)
    {
        context.Response.StatusCode = reply.Status;
        AddHeaders(context.Response.Headers, reply.Headers);
        if (!reply.Body.IsEmpty) await context.Response.Body.WriteAsync(reply.Body).ConfigureAwait(false);
    }

    public static async Task WriteAsync(HttpContext context, CallResponse answer, bool isGrpc)
    {
        context.Response.StatusCode = answer.Status;
        AddHeaders(context.Response.Headers, answer.Headers);
        var failure = await CopyBodyAsync(context, answer).ConfigureAwait(false);
        if (failure is null) AddTrailers(context.Response, answer.Trailers);
        else await FailAsync(context, failure, isGrpc).ConfigureAwait(false);
    }

    private static async ValueTask<CallFailure?> CopyBodyAsync(HttpContext context, CallResponse answer)
    {
        var writer = context.Response.BodyWriter;
        var piece = ArrayPool<byte>.Shared.Rent(PieceSize);
        try
        {
            // The head counts as unflushed: a caller may wait for it before it sends more. An answer that ends at once needs no flush at all, and a
            // trailers-only one stays a single frame.
            var isHeadFlushed = false;
            for (var unflushed = 0; ;)
            {
                var reading = answer.ReadAsync(piece);
                if (!reading.IsCompleted && (unflushed > 0 || !isHeadFlushed))
                {
                    await writer.FlushAsync().ConfigureAwait(false);
                    (unflushed, isHeadFlushed) = (0, true);
                }

                var read = await reading.ConfigureAwait(false);
                if (read.Count == 0)
                {
                    // What is left goes with the answer's end; but one of known length has no end to be written, and one that breaks off must not get one.
                    var isHeld = read.Failure is not null || context.Response is { HasStarted: true, ContentLength: not null };
                    if (unflushed > 0 && isHeld) await writer.FlushAsync().ConfigureAwait(false);
                    return read.Failure;
                }

                writer.Write(piece.AsSpan(0, read.Count));
                unflushed += read.Count;
                if (unflushed < FlushAt) continue;
                await writer.FlushAsync().ConfigureAwait(false);
                (unflushed, isHeadFlushed) = (0, true);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private static async Task FailAsync(HttpContext context, CallFailure failure, bool isGrpc)
    {
        if (failure.Code == FailureCode.CallerCancelled) return;
        if (isGrpc && context.Response.SupportsTrailers())
        {
            AddTrailers(context.Response, FailureReply.GrpcTrailers(failure));
        }
        else if (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await WriteAsync(context, FailureReply.For(failure, isGrpc)).ConfigureAwait(false);
        }
        else if (context.Features.Get<IHttpResetFeature>() is { } stream)
        {
            stream.Reset(Http2InternalError);
        }
        else
        {
            context.Abort();
        }
    }

    // Not Append and AppendTrailer: they drop empty values.
    private static void AddHeaders(IHeaderDictionary to, HeaderBlock headers)
    {
        for (var at = 0; at < headers.Count; at++)
        {
            var (name, value) = headers[at];
            to[name] = StringValues.Concat(to[name], value);
        }
    }

    private static void AddTrailers(HttpResponse response, HeaderBlock trailers)
    {
        if (trailers.Count > 0 && response.SupportsTrailers()) AddHeaders(response.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers, trailers);
    }
}
