using System.Buffers;
using Microsoft.AspNetCore.Connections;
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

    /// <summary>Sends a connection's bytes back: a line for a line.</summary>
    public static async Task RepeatBytesAsync(ConnectionContext connection)
    {
        var (reader, writer) = (connection.Transport.Input, connection.Transport.Output);
        while (true)
        {
            var read = await reader.ReadAsync(connection.ConnectionClosed);
            foreach (var piece in read.Buffer) await writer.WriteAsync(piece, connection.ConnectionClosed);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return;
        }
    }
}
