using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Client.Hosting;
using OrleansPool.Client.JsonRpc;
using OrleansPool.Cluster.Tests.Hosting;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>JSON-RPC by the pool's .NET client.</summary>
[Collection(RoutedCluster.Collection)]
public sealed class JsonRpcTests(RoutedCluster cluster)
{
    private readonly JsonRpcClient _client = Client(cluster, "rpc");

    [Fact]
    public async Task Call_WithAListOrAnObject_GivesTheResult()
    {
        Assert.Equal(19, await _client.CallAsync<int>("subtract", new[] { 42, 23 }).InTime("a result"));
        Assert.Equal(19, await _client.CallAsync<int>("subtract", new { minuend = 42, subtrahend = 23 }).InTime("a result"));
        Assert.Equal("hello", (await _client.CallAsync<object[]>("get_data").InTime("a result"))![0].ToString());
    }

    [Fact]
    public async Task Calls_ManyAtOnce_EachGetTheirOwnResult()
    {
        var sums = Enumerable.Range(0, 200).Select(at => _client.CallAsync<int>("sum", new[] { at, 1 }));
        Assert.Equal(Enumerable.Range(1, 200), await Task.WhenAll(sums).InTime("all results"));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(64 * 1024)]
    [InlineData(3_000_000)]
    public async Task Call_OfAnySize_ComesBack(int size)
    {
        var text = new string('x', size);
        Assert.Equal(text, await _client.CallAsync<string>("echo", new[] { text }).InTime("a result"));
    }

    [Fact]
    public async Task Error_OfTheUpstream_IsThrownAsItIs()
    {
        var thrown = await Assert.ThrowsAsync<JsonRpcErrorException>(() => _client.CallAsync<int>("no/such").InTime("an error"));
        Assert.Equal((-32601, "Method not found", "no/such"), (thrown.Code, thrown.Message, thrown.ErrorData?.GetString()));
    }

    [Fact]
    public async Task Notification_Arrives()
    {
        await _client.NotifyAsync("seen/by-the-upstream", new[] { 1 }).InTime("the notification to be sent");
        await Eventually.HoldsAsync(() => cluster.JsonRpc.Notified.Contains("seen/by-the-upstream"), "the notification to arrive");
    }

    [Fact]
    public async Task Failure_OfThePool_IsThrownWithCodeAndStage()
    {
        var gone = await Assert.ThrowsAsync<PoolCallException>(() => Client(cluster, "gone-rpc").CallAsync<int>("sum").InTime("a failure"));
        Assert.Equal((FailureCode.ConnectFailed, Stage.Connect, true), (gone.Failure.Code, gone.Failure.Stage, gone.IsRetryable));
        var unknown = await Assert.ThrowsAsync<PoolCallException>(() => Client(cluster, "nobody").NotifyAsync("sum").InTime("a failure"));
        Assert.Equal((FailureCode.EndpointUnknown, false), (unknown.Failure.Code, unknown.IsRetryable));
    }

    [Fact]
    public async Task Session_WhereConnectionsAreShared_IsRefused()
    {
        var stream = cluster.Client.Services.GetRequiredService<OrleansPoolClient>().CreateTcpClient("rpc");
        var refused = await Assert.ThrowsAsync<PoolCallException>(() => stream.OpenSessionAsync().InTime("the refusal"));
        Assert.Equal((FailureCode.RequestInvalid, false), (refused.Failure.Code, refused.IsRetryable));
    }

    [Fact]
    public async Task Parameters_ThatAreNeitherListNorObject_AreRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => _client.CallAsync<int>("sum", 5));

    [Fact]
    public async Task CancelledCall_Throws()
    {
        using var caller = new CancellationTokenSource();
        var call = _client.CallAsync<int>("hold", null, caller.Token);
        await Eventually.HoldsAsync(() => cluster.JsonRpc.Held.TryDequeue(out _), "the call to be at the upstream");
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime("the call to end"));
    }

    private static JsonRpcClient Client(RoutedCluster cluster, string endpoint) => cluster.Client.Services.GetRequiredService<OrleansPoolClient>().CreateJsonRpcClient(endpoint);
}
