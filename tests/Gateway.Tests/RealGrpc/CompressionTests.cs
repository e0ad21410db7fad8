namespace OrleansPool.Gateway.Tests.RealGrpc;

/// <summary>Compression is between the peers: each message passes as its sender made it.</summary>
[Collection(InteropPeers.Collection)]
public sealed class CompressionTests(InteropPeers peers)
{
    [SkippableFact]
    public async Task Compression_UnaryBothWays_IsUnpackedByThePeers()
    {
        var seen = await peers.CallAsync("compressed_round_trip");

        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        Assert.Equal([314159], seen.Replies);
        Assert.True(seen.Intact);
    }

    [SkippableFact]
    public async Task Compression_StreamWithAPlainMessageInIt_IsUnpackedByThePeers()
    {
        var seen = await peers.CallAsync("compressed_stream_round_trip");

        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        Assert.Equal([31415, 9, 58979], seen.Replies);
        Assert.True(seen.Intact);
    }

    [SkippableFact]
    public async Task Compression_Unary_IsOnTheWireOnBothSides()
    {
        var seen = await peers.RunAsync<WireSeen>("bare", "compressed_unary");

        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        Assert.Equal([true], seen.RequestsGzip);
        Assert.Equal([true], seen.RepliesGzip);
        Assert.InRange(Assert.Single(seen.RequestSizes), 1, 1000);
    }

    [SkippableFact]
    public async Task Compression_Streaming_KeepsTheFlagOfEachMessage()
    {
        var seen = await peers.RunAsync<WireSeen>("bare", "compressed_streaming");

        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        Assert.Equal([true, true, true, true], seen.RequestsGzip);
        Assert.Equal([true, false, true, false], seen.RepliesGzip);
    }

    [SkippableFact]
    public async Task Compression_RequestNotCompressed_StaysSo()
    {
        var seen = await peers.RunAsync<WireSeen>("bare", "plain_unary");

        Assert.Equal(("OK", ""), (seen.Status, seen.Details));
        Assert.Equal([false], seen.RequestsGzip);
        Assert.Equal([271828], seen.RequestSizes);
    }
}

/// <summary>Messages as they came over the wire.</summary>
/// <param name="Status">Name of the status.</param>
/// <param name="Details">The status message.</param>
/// <param name="RepliesGzip">For each reply, whether it reached the client compressed.</param>
/// <param name="RequestsGzip">For each request, whether it reached the server compressed.</param>
/// <param name="RequestSizes">For each request, the size in which it reached the server.</param>
internal sealed record WireSeen(string Status, string Details, bool[] RepliesGzip, bool[] RequestsGzip, int[] RequestSizes);
