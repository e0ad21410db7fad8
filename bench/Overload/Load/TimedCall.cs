using System.Net;
using System.Net.Http.Headers;
using OrleansPool.Bench.Overload.Contenders;

namespace OrleansPool.Bench.Overload.Load;

/// <summary>A unary gRPC call with a deadline, as a caller makes it who gives up when it has passed. Thread-safe.</summary>
internal sealed class TimedCall(Uri origin) : IDisposable
{
    /// <summary>What a caller waits for an answer.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    private static readonly MediaTypeHeaderValue _grpc = new("application/grpc");
    private static readonly byte[] _emptyMessage = new byte[5];

    private readonly Uri _target = new(origin, "/bench.Overload/Work");
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        EnableMultipleHttp2Connections = true,
        ActivityHeadersPropagator = null,
        UseProxy = false,
    });

    /// <summary>Makes the call. True when it was answered well in time.</summary>
    public async Task<bool> InvokeAsync()
    {
        using var patience = new CancellationTokenSource(Deadline, TimeProvider.System);
        using var request = NewRequest();
        try
        {
            using var response = await _invoker.SendAsync(request, patience.Token);
            await response.Content.CopyToAsync(Stream.Null, patience.Token);
            return response.StatusCode == HttpStatusCode.OK
                && response.TrailingHeaders.NonValidated.TryGetValues("grpc-status", out var status) && status.ToString() is "0";
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            return false;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _invoker.Dispose();

    private HttpRequestMessage NewRequest()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _target)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(_emptyMessage) { Headers = { ContentType = _grpc } },
        };
        request.Headers.Host = HostUnderTest.HostName;
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation("grpc-timeout", $"{Deadline.TotalMilliseconds:F0}m");
        return request;
    }
}
