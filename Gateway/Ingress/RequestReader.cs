using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
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

    // Many a client sends headers and message apart. A stream that was named by mistake begins later by as much.
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// The request, and where its body ends when that was taken whole: its bytes stay in the server's buffer, which is to be advanced to there after the
    /// call. Left as it is, it would cost an HTTP/1.1 caller its connection.
    /// </summary>
    public static async ValueTask<(CallRequest Request, SequencePosition? BodyEnd)> ReadAsync(HttpContext context, Endpoint endpoint, string target)
    {
        var headers = Headers(context.Request.Headers);
        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
        if (!hasBody) return (new CallRequest { Method = context.Request.Method, Target = target, Headers = headers }, null);

        var reader = context.Request.BodyReader;
        var whole = await TryReadWholeAsync(reader).ConfigureAwait(false);
        if (whole is null && endpoint.MayHedge(context.Request.Method, target, headers))
            whole = await AwaitWholeAsync(reader, context.RequestServices.GetRequiredService<TimeProvider>()).ConfigureAwait(false);
        var request = new CallRequest
        {
            Method = context.Request.Method,
            Target = target,
            Headers = headers,
            HasBody = true,
            Body = whole is { } bytes ? Contiguous(bytes) : default,
            BodyReader = whole is null ? reader : null,
        };
        return (request, whole?.End);
    }

    private static async ValueTask<ReadOnlySequence<byte>?> TryReadWholeAsync(PipeReader reader)
    {
        // A unary caller's headers and body mostly come in one packet, but the server starts us after the headers: let it finish the packet once.
        for (var isSecondLook = false; ; isSecondLook = true)
        {
            if (reader.TryRead(out var read))
            {
                if (read.IsCompleted && read.Buffer.Length <= WholeBodyLimit) return read.Buffer;

                // Nothing is marked as seen: whoever reads next must find it at once, even if no more comes until it is answered.
                reader.AdvanceTo(read.Buffer.Start);
            }

            if (isSecondLook) return null;
            await Task.Yield();
        }
    }

    private static async ValueTask<ReadOnlySequence<byte>?> AwaitWholeAsync(PipeReader reader, TimeProvider time)
    {
        using var over = new CancellationTokenSource(_patience, time);
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(over.Token).ConfigureAwait(false);
                if (read.IsCompleted && read.Buffer.Length <= WholeBodyLimit) return read.Buffer;
                if (read.IsCompleted || read.Buffer.Length > WholeBodyLimit)
                {
                    reader.AdvanceTo(read.Buffer.Start);
                    return null;
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // What was looked at must be found at once again by whoever reads next.
            reader.CancelPendingRead();
            reader.AdvanceTo((await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false)).Buffer.Start);
            return null;
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
