using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Tests.Calls;

/// <summary>An endpoint over real sockets, and calls on it.</summary>
internal sealed class EndpointUnderTest : IAsyncDisposable
{
    private EndpointUnderTest(Endpoint endpoint) => Endpoint = endpoint;

    public Endpoint Endpoint { get; }

    public static async Task<EndpointUnderTest> StartAsync(
        string address, Protocol protocol = Protocol.Grpc, Action<EndpointOptions>? configure = null, IAddressResolver? resolver = null, TimeProvider? time = null, int permits = 1_000)
    {
        var options = new EndpointOptions { Protocol = protocol, Addresses = [address] };
        configure?.Invoke(options);
        var factory = new EndpointFactory(resolver ?? new DnsAddressResolver(), time ?? TimeProvider.System, NullLoggerFactory.Instance, new Framings([]));
        var endpoint = factory.Create("test", options);
        endpoint.Pool.Apply(new PoolShare(permits, options.Pool.Max));
        await endpoint.WarmAsync().InTime("the endpoint to be warm");
        return new EndpointUnderTest(endpoint);
    }

    /// <summary>A gRPC call with one message.</summary>
    public Task<CallResult> CallAsync(byte[]? message = null, CancellationToken caller = default, params (string Name, string Value)[] headers)
    {
        message ??= "hi"u8.ToArray();
        return SendAsync(Request([0, 0, 0, 0, (byte)message.Length, .. message], headers), caller);
    }

    /// <summary>A gRPC call whose body the test writes.</summary>
    public Task<CallResult> StreamAsync(PipeReader body, CancellationToken caller = default, params (string Name, string Value)[] headers)
    {
        var block = GrpcHeaders(headers);
        return SendAsync(new CallRequest { Method = "POST", Target = "/test.Service/Stream", Headers = block, HasBody = true, BodyReader = body }, caller);
    }

    /// <summary>A plain GET.</summary>
    public Task<CallResult> GetAsync(string target = "/", CancellationToken caller = default, params (string Name, string Value)[] headers) =>
        SendAsync(new CallRequest { Method = "GET", Target = target, Headers = Block(headers) }, caller);

    public Task<CallResult> SendAsync(CallRequest request, CancellationToken caller = default) => Endpoint.CallAsync(request, caller).AsTask();

    public ValueTask DisposeAsync() => Endpoint.DisposeAsync();

    public static CallRequest Request(byte[] body, params (string Name, string Value)[] headers) =>
        new() { Method = "POST", Target = "/test.Service/Unary", Headers = GrpcHeaders(headers), HasBody = true, Body = body };

    private static HeaderBlock GrpcHeaders((string Name, string Value)[] headers)
    {
        var block = Block(headers);
        block.Add("content-type", "application/grpc");
        block.Add("te", "trailers");
        return block;
    }

    private static HeaderBlock Block((string Name, string Value)[] headers)
    {
        var block = new HeaderBlock();
        foreach (var (name, value) in headers) block.Add(name, value);
        return block;
    }
}

/// <summary>What became of a call.</summary>
internal static class CallResultExpectations
{
    /// <summary>The call failed so.</summary>
    public static async Task<CallFailure> Failed(this Task<CallResult> call, FailureCode code)
    {
        var result = await call.InTime($"the call to fail with {code}");
        if (result.Response is not null) await result.Response.DisposeAsync();
        Assert.Null(result.Response);
        Assert.Equal((code, result.Failure!.Detail), (result.Failure.Code, result.Failure.Detail));
        return result.Failure;
    }

    /// <summary>The call was answered; its whole body.</summary>
    public static async Task<(CallResponse Response, byte[] Body)> Answered(this Task<CallResult> call)
    {
        var response = await call.Begun();
        var body = new List<byte>();
        var buffer = new byte[4096];
        while (true)
        {
            var read = await response.ReadAsync(buffer).InTime("more of the body");
            Assert.Null(read.Failure);
            if (read.IsEnd) break;
            body.AddRange(buffer.AsSpan(0, read.Count));
        }

        await response.DisposeAsync();
        return (response, [.. body]);
    }

    /// <summary>The head of the answer is here.</summary>
    public static async Task<CallResponse> Begun(this Task<CallResult> call)
    {
        var result = await call.InTime("an answer");
        Assert.Null(result.Failure?.ToString());
        return result.Response!;
    }

    /// <summary>All headers under a name.</summary>
    public static IEnumerable<string> All(this HeaderBlock headers, string name)
    {
        for (var at = 0; at < headers.Count; at++)
        {
            if (headers[at].Name.Equals(name, StringComparison.OrdinalIgnoreCase)) yield return headers[at].Value;
        }
    }
}
