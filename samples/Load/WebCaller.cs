using System.Net;
using System.Net.Http.Headers;

namespace OrleansPool.Samples.Load;

/// <summary>Calls by the hosts' ingress: gRPC's echo, or the page of hello.</summary>
internal sealed class WebCaller(string[] hosts, bool isGrpc) : ICaller
{
    // A gRPC message: no compression, four bytes of length, and a field of the echo's (samples/protos/echo.proto).
    private static readonly byte[] _message = [0, 0, 0, 0, 4, 10, 2, (byte)'h', (byte)'i'];

    private readonly HttpClient _client = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) }) { Timeout = TimeSpan.FromSeconds(10) };

    public async Task CallAsync(int host, CancellationToken cancellation)
    {
        using var request = isGrpc ? Echo(hosts[host % hosts.Length]) : new HttpRequestMessage(HttpMethod.Get, $"http://{hosts[host % hosts.Length]}/e/hello/load");
        try
        {
            using var answer = await _client.SendAsync(request, cancellation);
            answer.EnsureSuccessStatusCode();
            if (isGrpc && StatusOf(answer) is not "0" and var status) throw new HttpRequestException($"grpc-status {status}");
        }
        catch (TaskCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException("no answer within 10 s", e);
        }
    }

    private static HttpRequestMessage Echo(string host)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"http://{host}/echo.Echo/Unary")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(_message),
            Headers = { Host = "echo.pool", TE = { new TransferCodingWithQualityHeaderValue("trailers") } },
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        return request;
    }

    private static string? StatusOf(HttpResponseMessage answer) =>
        answer.TrailingHeaders.TryGetValues("grpc-status", out var trailers) ? trailers.First() : answer.Headers.TryGetValues("grpc-status", out var headers) ? headers.First() : null;
}
