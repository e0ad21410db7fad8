using System.Collections.Concurrent;
using Grpc.Core;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Routed;

namespace OrleansPool.Cluster.Tests.Hosting;

/// <summary>Callers that call one after the other until they are told to stop: small and large unary calls, and conversations. A call that hangs fails the test.</summary>
internal sealed class CallLoad : IAsyncDisposable
{
    private const int Callers = 16;

    private readonly ConcurrentQueue<RpcException> _failures = new();
    private readonly Interop.InteropClient _client;
    private readonly Task _callers;
    private volatile bool _isEnding;
    private int _succeeded;

    public CallLoad(PoolClient client)
    {
        _client = client.Grpc();
        _callers = Task.WhenAll(Enumerable.Range(0, Callers).Select(CallAsync));
    }

    /// <summary>Completes when so many more calls succeeded, or a caller gave up.</summary>
    public async Task MoreAsync(int calls)
    {
        var enough = Volatile.Read(ref _succeeded) + calls;
        await Eventually.HoldsAsync(() => Volatile.Read(ref _succeeded) >= enough || _callers.IsFaulted, $"{calls} calls to succeed");
    }

    /// <summary>Completes when calls fail.</summary>
    public Task FailsAsync() => Eventually.HoldsAsync(() => !_failures.IsEmpty || _callers.IsFaulted, "calls to fail");

    /// <summary>Lets the calls under way finish, and says which failed.</summary>
    public async Task<IReadOnlyCollection<RpcException>> EndAsync()
    {
        _isEnding = true;
        await _callers;
        return _failures;
    }

    public async ValueTask DisposeAsync()
    {
        _isEnding = true;
        await _callers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task CallAsync(int caller)
    {
        for (var number = caller; !_isEnding; number++)
        {
            try
            {
                await (number % 4 == 0 ? ConverseAsync() : UnaryAsync(number % 4 == 1 ? 200_000 : 100));
                Interlocked.Increment(ref _succeeded);
            }
            catch (RpcException e)
            {
                _failures.Enqueue(e);
            }
        }
    }

    private async Task UnaryAsync(int size)
    {
        var reply = await _client.UnaryAsync(new Wish { Body = Filler.Message(size), ReplySize = size }).RepliesAsync();
        Assert.True(reply.Intact && Filler.IsIntact(reply.Body.Span));
    }

    private async Task ConverseAsync()
    {
        using var call = _client.Converse();
        for (var turn = 1; turn <= 3; turn++)
        {
            await WriteAsync(call.RequestStream, new Wish { ReplySize = turn });
            await call.ResponseStream.NextAsync();
        }

        await call.RequestStream.CompleteAsync();
        await call.ResponseStream.RestAsync();
    }

    // Whoever writes learns that the call is over; only the reader learns how it ended.
    private static async Task WriteAsync(IClientStreamWriter<Wish> requests, Wish wish)
    {
        try
        {
            await requests.WriteAsync(wish).InTime("room for a message");
        }
        catch (RpcException)
        {
        }
    }
}
