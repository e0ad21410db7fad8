using System.Diagnostics;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Routed;

namespace OrleansPool.Cluster.Tests.Forwarding;

/// <summary>A call is one trace from its caller to the upstream, however many hosts it passes, whole or in pieces.</summary>
[Collection(ForwardingCluster.Collection)]
public sealed class TracingTests(ForwardingCluster cluster)
{
    [Theory]
    [InlineData(0)]
    [InlineData(300_000)]
    public async Task RoutedCall_OfATracedCaller_IsASpanInItsTrace(int size)
    {
        cluster.SharesAreAt(1);
        cluster.Cluster.GiveShare(0, ForwardingCluster.Endpoint, 100);
        var (spans, record) = await CallAsync(upstream: 0, size, spans: 1);
        Assert.True(Assert.Single(spans).HasRemoteParent);
        Assert.Equal(spans[0].Id, record.Header("traceparent"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300_000)]
    public async Task ForwardedCall_IsASpanAtEachSilo_AndTheUpstreamKnowsTheLast(int size)
    {
        cluster.SharesAreAt(1);
        var (spans, record) = await CallAsync(upstream: 1, size, spans: 2);
        var first = Assert.Single(spans, span => spans.All(other => other.SpanId != span.ParentSpanId));
        var second = Assert.Single(spans, span => span.ParentSpanId == first.SpanId);
        Assert.Equal(second.Id, record.Header("traceparent"));
    }

    // The client's own code has a span, as a web server's or a worker's would be, and says nothing of it. The gRPC library puts one of its own in between.
    private async Task<(IReadOnlyList<Activity> Calls, Upstream.CallRecord Record)> CallAsync(int upstream, int size, int spans)
    {
        using var trace = new TraceUnderTest();
        using var caller = new Activity("caller").SetParentId(trace.Trace, trace.Caller, ActivityTraceFlags.Recorded).Start();
        var record = cluster.Upstreams[upstream].Calls.Expect("traced");
        await cluster.Grpc.UnaryAsync(new Wish { Body = Filler.Message(size), ReplySize = size }, record.Metadata).RepliesAsync();
        await Eventually.HoldsAsync(() => Calls(trace).Count >= spans, $"{spans} calls in the trace");
        Assert.Equal(spans, Calls(trace).Count);
        return (Calls(trace), record);
    }

    // Waits and connections are there or not, as it happens.
    private static List<Activity> Calls(TraceUnderTest trace) => [.. trace.Ended.Where(span => span.Kind == ActivityKind.Client)];
}
