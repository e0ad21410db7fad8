using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansPool.Samples.Upstream;

/// <summary>The service of samples/protos/echo.proto: every message comes back as it went in, one by one as they arrive.</summary>
internal static class EchoService
{
    /// <summary>Sends the request's bytes back: gRPC messages keep their prefixes, so unary and duplex calls are the same work.</summary>
    public static async Task RepeatAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        var (reader, writer) = (context.Request.BodyReader, context.Response.BodyWriter);
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            foreach (var piece in read.Buffer) writer.Write(piece.Span);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) break;
            await writer.FlushAsync(context.RequestAborted);
        }

        context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers.Append("grpc-status", "0");
    }
}
