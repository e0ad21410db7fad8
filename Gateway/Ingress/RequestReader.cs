using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansPool.Core.Model;

namespace OrleansPool.Gateway.Ingress;

/// <summary>
/// Turns a request into a <see cref="CallRequest"/>. A small body that is here already is taken whole, so that the call can be repeated and costs less to
/// send; anything else streams.
/// </summary>
internal static class RequestReader
{
    /// <summary>A body up to this size is taken whole when it is here.</summary>
    private const int WholeBodyLimit = 64 * 1024;

    public static async ValueTask<CallRequest> ReadAsync(HttpContext context, string target)
    {
        var headers = Headers(context.Request.Headers);
        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
        if (!hasBody) return new CallRequest { Method = context.Request.Method, Target = target, Headers = headers };

        var reader = context.Request.BodyReader;
        var whole = await TryReadWholeAsync(reader).ConfigureAwait(false);
        return new CallRequest
        {
            Method = context.Request.Method,
            Target = target,
            Headers = headers,
            HasBody = true,
            Body = whole ?? default,
            BodyReader = whole is null ? reader : null,
        };
    }

    // The pipe is left unadvanced: the bytes stay where they are until the response is complete and the server lets go of the request.
    private static async ValueTask<ReadOnlyMemory<byte>?> TryReadWholeAsync(PipeReader reader)
    {
        // A unary caller's headers and body mostly come in one packet, but the server starts us after the headers: let it finish the packet once.
        for (var isSecondLook = false; ; isSecondLook = true)
        {
            if (reader.TryRead(out var read))
            {
                if (read.IsCompleted && read.Buffer.Length <= WholeBodyLimit) return Contiguous(read.Buffer);

                // Nothing is marked as seen: whoever reads next must find it at once, even if no more comes until it is answered.
                reader.AdvanceTo(read.Buffer.Start);
            }

            if (isSecondLook) return null;
            await Task.Yield();
        }
    }

    private static ReadOnlyMemory<byte> Contiguous(ReadOnlySequence<byte> bytes) => bytes.IsSingleSegment ? bytes.First : bytes.ToArray();

    private static HeaderBlock Headers(IHeaderDictionary from)
    {
        var headers = new HeaderBlock(from.Count + 2);
        foreach (var (name, values) in from)
        {
            if (name.StartsWith(':')) continue;
            foreach (var value in values) headers.Add(name, value ?? "");
        }

        return headers;
    }
}
