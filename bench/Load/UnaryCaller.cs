using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace OrleansPool.Bench.Load;

/// <summary>
/// A unary gRPC call with a message of 128 bytes that the upstream echoes. Framed by hand: a gRPC library would cost each path the same again and so
/// make them look alike. One call after the other.
/// </summary>
/// <param name="invoker">The connection, which all callers share as those of a gRPC channel do.</param>
/// <param name="origin">Where to.</param>
public sealed class UnaryCaller(HttpMessageInvoker invoker, Uri origin) : ICaller
{
    /// <summary>Bytes of the message.</summary>
    public const int MessageSize = 128;

    // The name that an ingress finds the endpoint by; sent on every path, so that all send the same bytes.
    private const string Host = "bench.pool";
    private const int PrefixSize = 5;
    private const int FrameSize = PrefixSize + MessageSize;

    private static readonly MediaTypeHeaderValue _grpc = new("application/grpc");

    private readonly Uri _target = new(origin, "/bench.Echo/Unary");
    private readonly byte[] _frame = NewFrame();

    // Room for the answer, and for seeing that it is too long.
    private readonly byte[] _answer = new byte[2 * FrameSize];

    /// <inheritdoc />
    public async Task CallAsync()
    {
        using var request = NewRequest();
        using var response = await invoker.SendAsync(request, CancellationToken.None);
        var length = await ReadAsync(await response.Content.ReadAsStreamAsync(), _answer);
        var isEcho = response.StatusCode == HttpStatusCode.OK && length == FrameSize && IsGrpcOk(response);
        if (!isEcho) throw new CallFailedException(Describe(response, length));
    }

    private HttpRequestMessage NewRequest()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _target)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(_frame) { Headers = { ContentType = _grpc } },
        };
        request.Headers.Host = Host;
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation("user-agent", "orleanspool-bench");
        return request;
    }

    private static async ValueTask<int> ReadAsync(Stream body, byte[] buffer)
    {
        for (var length = 0; ;)
        {
            var read = await body.ReadAsync(buffer.AsMemory(length));
            length += read;
            if (read == 0 || length == buffer.Length) return length;
        }
    }

    private static bool IsGrpcOk(HttpResponseMessage response) =>
        response.TrailingHeaders.NonValidated.TryGetValues("grpc-status", out var status) && status.ToString() is "0";

    private static string Describe(HttpResponseMessage response, int length)
    {
        var told = response.Headers.Concat(response.TrailingHeaders)
            .Where(header => header.Key.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase))
            .Select(header => $"{header.Key}: {string.Join(' ', header.Value)}");
        return $"a call: HTTP {(int)response.StatusCode}, {length} bytes, '{string.Join(", ", told)}', not 200, {FrameSize} bytes, 'grpc-status: 0'";
    }

    private static byte[] NewFrame()
    {
        var frame = new byte[FrameSize];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), MessageSize);
        for (var at = PrefixSize; at < frame.Length; at++) frame[at] = (byte)at;
        return frame;
    }
}
