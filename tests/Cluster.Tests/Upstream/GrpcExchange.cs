using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Pipelines;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansPool.Cluster.Tests.Upstream;

/// <summary>One gRPC call at the upstream, message by message. No gRPC library: what a server may do is all within reach, and nothing else is done.</summary>
internal sealed class GrpcExchange(HttpContext context, CallRecord record)
{
    private const int PrefixLength = 5;

    public CallRecord Record => record;

    /// <summary>The next message; null at the end of the request.</summary>
    public async Task<T?> ReadAsync<T>(MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (TryTake(read, out var isCompressed, out var message))
            {
                var bytes = message.ToArray();
                reader.AdvanceTo(message.End);
                record.OnTaken(bytes.Length);
                lock (record.Compressed) record.Compressed.Add(isCompressed);
                return parser.ParseFrom(isCompressed ? Unzip(bytes) : bytes);
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted) return null;
        }
    }

    /// <summary>Sends the head; starting the response alone would leave it lying in a buffer.</summary>
    public async Task StartAsync() => await context.Response.BodyWriter.FlushAsync(context.RequestAborted);

    /// <summary>Sends a message; completes when the connection has room for the next.</summary>
    public async Task WriteAsync(IMessage message, bool compress = false)
    {
        var bytes = compress ? Zip(message.ToByteArray()) : message.ToByteArray();
        WritePrefix(context.Response.BodyWriter, compress, bytes.Length);
        await context.Response.BodyWriter.WriteAsync(bytes, context.RequestAborted);
        record.OnSent(bytes.Length);
    }

    /// <summary>Sends half of a message, as a server that pauses in the middle of it.</summary>
    public async Task WriteHalfAsync(IMessage message, Func<Task> pause)
    {
        var bytes = message.ToByteArray();
        WritePrefix(context.Response.BodyWriter, isCompressed: false, bytes.Length);
        await context.Response.BodyWriter.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), context.RequestAborted);
        await pause();
        await context.Response.BodyWriter.WriteAsync(bytes.AsMemory(bytes.Length / 2), context.RequestAborted);
    }

    /// <summary>Ends the call: with trailers, or in the head when nothing was sent yet.</summary>
    public void End(StatusCode status, string message, IEnumerable<(string Name, string Value)> metadata)
    {
        var to = context.Response.HasStarted ? context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers : context.Response.Headers;
        to["grpc-status"] = ((int)status).ToString();
        if (message.Length > 0) to["grpc-message"] = Uri.EscapeDataString(message);
        foreach (var (name, value) in metadata) to[name] = value;
    }

    /// <summary>Waits for the call's gate, or its end.</summary>
    public Task PassGateAsync() => record.Gate.WaitAsync(context.RequestAborted);

    private static bool TryTake(ReadResult read, out bool isCompressed, out ReadOnlySequence<byte> message)
    {
        (isCompressed, message) = (false, default);
        if (read.Buffer.Length < PrefixLength) return false;
        Span<byte> prefix = stackalloc byte[PrefixLength];
        read.Buffer.Slice(0, PrefixLength).CopyTo(prefix);
        var length = BinaryPrimitives.ReadInt32BigEndian(prefix[1..]);
        if (read.Buffer.Length < PrefixLength + length) return false;
        (isCompressed, message) = (prefix[0] == 1, read.Buffer.Slice(PrefixLength, length));
        return true;
    }

    private static void WritePrefix(PipeWriter to, bool isCompressed, int length)
    {
        var prefix = to.GetSpan(PrefixLength);
        prefix[0] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(prefix[1..], length);
        to.Advance(PrefixLength);
    }

    private static byte[] Zip(byte[] bytes)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest)) gzip.Write(bytes);
        return zipped.ToArray();
    }

    private static byte[] Unzip(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}
