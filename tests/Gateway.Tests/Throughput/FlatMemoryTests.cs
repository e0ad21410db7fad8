using Microsoft.AspNetCore.Http;
using OrleansPool.Gateway.Tests.Hosting;
using OrleansPool.Gateway.Tests.Standalone;

namespace OrleansPool.Gateway.Tests.Throughput;

/// <summary>A gigabyte through the program, whose memory must not know: pieces come, pieces go.</summary>
public sealed class FlatMemoryTests : IAsyncLifetime
{
    private const long Some = 100_000_000;
    private const long Much = 1_000_000_000;

    // What 900 MB more may cost the process. 4 to 54 MB were measured on two cores, the slack of a collector that is in no hurry; so the heap gets a hard
    // bound as well, beyond which the program would fail: what piles up does not fit.
    private const long Allowed = 100_000_000;

    // Bytes of a gRPC message with its prefix.
    private const int Message = 100;

    private static readonly byte[] _piece = new byte[64 * 1024];

    private WebUpstream _upstream = null!;
    private StandaloneProcess _program = null!;
    private Uri _address = null!;

    public async Task InitializeAsync()
    {
        _upstream = await WebUpstream.StartAsync();
        _program = StandaloneProcess.Start(
            heapLimit: Allowed,
            ("Endpoints:http1:Protocol", "http1"),
            ("Endpoints:http1:Addresses:0", _upstream.Http1),
            ("Endpoints:http2:Protocol", "http2"),
            ("Endpoints:http2:Addresses:0", _upstream.Http2),
            ("Endpoints:rpc:Protocol", "grpc"),
            ("Endpoints:rpc:Addresses:0", _upstream.Http2));
        _address = await _program.ListeningAsync();
    }

    public async Task DisposeAsync()
    {
        await _program.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Download_OverHttp2_CostsTheSameMemoryWhateverItsLength() => await IsFlatAsync(length => DownloadAsync(Callers.Http2(_address), "http2", length));

    [Fact]
    public async Task Download_OverHttp1_CostsTheSameMemoryWhateverItsLength() => await IsFlatAsync(length => DownloadAsync(Callers.Http1(_address), "http1", length));

    [Fact]
    public async Task Upload_OverHttp2_CostsTheSameMemoryWhateverItsLength() => await IsFlatAsync(length => UploadAsync(Callers.Http2(_address), "http2", length));

    [Fact]
    public async Task GrpcStream_BothWays_CostsTheSameMemoryWhateverItsNumberOfMessages() =>
        await IsFlatAsync(ConverseAsync, some: 400_000 * Message, much: 4_000_000 * Message);

    private async Task IsFlatAsync(Func<long, Task<long>> transfer, long some = Some, long much = Much)
    {
        Assert.Equal(some, await transfer(some));
        var before = _program.PeakMemory;
        Assert.Equal(much, await transfer(much));
        Assert.InRange(_program.PeakMemory - before, 0, Allowed);
    }

    private async Task<long> DownloadAsync(HttpClient client, string endpoint, long length)
    {
        var page = _upstream.Page(async context =>
        {
            for (var left = length; left > 0; left -= _piece.Length) await context.Response.Body.WriteAsync(_piece.AsMemory(0, (int)Math.Min(left, _piece.Length)));
        });
        using (client)
        {
            await using var body = await client.GetStreamAsync($"/e/{endpoint}{page}").InTime("the head of the answer");
            return await ReadAsync(body);
        }
    }

    private async Task<long> UploadAsync(HttpClient client, string endpoint, long length)
    {
        var page = _upstream.Page(async context => await context.Response.WriteAsync($"{await ReadAsync(context.Request.Body)}"));
        using (client)
        {
            using var response = await client.PostAsync($"/e/{endpoint}{page}", new Pieces(_piece, length, _ => { }));
            return long.Parse(await response.Content.ReadAsStringAsync());
        }
    }

    // Every message comes back while the next ones are on their way.
    private async Task<long> ConverseAsync(long length)
    {
        var page = _upstream.Page(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Request.Body.CopyToAsync(context.Response.Body);
            context.Response.AppendTrailer("grpc-status", "0");
        });
        byte[] message = [0, 0, 0, 0, Message - 5, .. new byte[Message - 5]];
        byte[] messages = [.. Enumerable.Repeat(message, 400).SelectMany(octet => octet)];
        using var client = Callers.Http2(_address);
        var content = new Pieces(messages, length, _ => { }) { Headers = { { "content-type", "application/grpc" } } };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/e/rpc{page}") { Content = content };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).InTime("the head of the answer");
        var sum = await ReadAsync(await response.Content.ReadAsStreamAsync());
        Assert.Equal(["0"], response.TrailingHeaders.GetValues("grpc-status"));
        return sum;
    }

    private static async Task<long> ReadAsync(Stream body)
    {
        var buffer = new byte[_piece.Length];
        long sum = 0;
        for (var count = 1; count > 0; sum += count) count = await body.ReadAsync(buffer);
        return sum;
    }
}
