using Microsoft.AspNetCore.Http;
using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.Http;

/// <summary>A side that does not read holds the other side back: what lies between them is bounded.</summary>
public sealed class BackpressureTests(Crossing crossing) : IClassFixture<Crossing>
{
    private const int Whole = 64_000_000;

    // Two connections with socket buffers of at most 10 MB each on Linux, and windows of at most 16 MB that .NET's HTTP/2 client opens to a fast peer.
    private const int Between = 40_000_000;

    private static readonly byte[] _piece = new byte[100_000];

    [Theory]
    [MemberData(nameof(Crossing.Ways), MemberType = typeof(Crossing))]
    public async Task Caller_ThatDoesNotRead_HoldsTheUpstreamBack_AndGetsAllInTheEnd(string caller, string upstream)
    {
        long written = 0;
        using var slow = await crossing.SendAsync(caller, upstream, context => WriteAsync(context, count => Volatile.Write(ref written, count)));
        await using var body = await slow.Content.ReadAsStreamAsync();
        Assert.Equal(1, await body.ReadAsync(new byte[1]).InTime("the first byte"));

        // Another caller gets everything meanwhile: it is not for want of time that the upstream has not got further.
        using var fast = await crossing.SendAsync(caller, upstream, context => WriteAsync(context, _ => { }));
        Assert.Equal(Whole, await ReadAsync(await fast.Content.ReadAsStreamAsync()));

        Assert.InRange(Volatile.Read(ref written), 1, Between);
        Assert.Equal(Whole - 1, await ReadAsync(body));
        await crossing.IsQuietAsync();
    }

    [Theory]
    [MemberData(nameof(Crossing.Ways), MemberType = typeof(Crossing))]
    public async Task Upstream_ThatDoesNotRead_HoldsTheCallerBack_AndGetsAllInTheEnd(string caller, string upstream)
    {
        long sent = 0;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = UploadAsync(caller, upstream, gate.Task, count => Volatile.Write(ref sent, count));
        await Eventually.HoldsAsync(() => Volatile.Read(ref sent) > 0, "the upload to begin");

        Assert.Equal(Whole, await UploadAsync(caller, upstream, Task.CompletedTask, _ => { }));

        Assert.InRange(Volatile.Read(ref sent), 1, Between);
        gate.SetResult();
        Assert.Equal(Whole, await slow.InTime("the slow upload"));
        await crossing.IsQuietAsync();
    }

    private async Task<long> UploadAsync(string caller, string upstream, Task gate, Action<long> onSent)
    {
        using var response = await crossing.SendAsync(
            caller,
            upstream,
            async context =>
            {
                await gate;
                await context.Response.WriteAsync($"{await ReadAsync(context.Request.Body)}");
            },
            request => (request.Method, request.Content) = (HttpMethod.Post, new Pieces(_piece, Whole, onSent)));
        return long.Parse(await response.Content.ReadAsStringAsync().InTime("the upstream's count"));
    }

    private static async Task WriteAsync(HttpContext context, Action<long> onWritten)
    {
        for (var written = 0; written < Whole; written += _piece.Length)
        {
            await context.Response.Body.WriteAsync(_piece);
            onWritten(written + _piece.Length);
        }
    }

    private static async Task<long> ReadAsync(Stream body)
    {
        var buffer = new byte[_piece.Length];
        long sum = 0;
        for (var count = 1; count > 0; sum += count) count = await body.ReadAsync(buffer).InTime("more of the body");
        return sum;
    }
}
