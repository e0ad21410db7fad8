using Grpc.Core;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>How calls end.</summary>
internal static class RpcExpectations
{
    /// <summary>The call fails with <paramref name="status"/>.</summary>
    public static async Task<RpcException> FailsAsync(this Task call, StatusCode status)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.InTime($"the call to fail with {status}"));
        Assert.True(failure.StatusCode == status, $"Expected {status}, got {failure.Status}");
        return failure;
    }

    /// <summary>The call fails with <paramref name="status"/>.</summary>
    public static Task<RpcException> FailsAsync<T>(this AsyncUnaryCall<T> call, StatusCode status) => call.ResponseAsync.FailsAsync(status);

    /// <summary>The call succeeds.</summary>
    public static Task<T> RepliesAsync<T>(this AsyncUnaryCall<T> call) => call.ResponseAsync.InTime("a reply");

    /// <summary>The next message of a stream.</summary>
    public static async Task<T> NextAsync<T>(this IAsyncStreamReader<T> stream)
        where T : class
    {
        Assert.True(await stream.MoveNext().InTime("a message"), "The stream ended instead of a message.");
        return stream.Current;
    }

    /// <summary>All messages from here to the end.</summary>
    public static async Task<List<T>> RestAsync<T>(this IAsyncStreamReader<T> stream)
        where T : class
    {
        var messages = new List<T>();
        while (await stream.MoveNext().InTime("a message, or the end")) messages.Add(stream.Current);
        return messages;
    }

    /// <summary>The values under <paramref name="key"/>, in order; binary ones in hex.</summary>
    public static IEnumerable<string> Under(this Metadata metadata, string key) =>
        metadata.Where(entry => entry.Key == key).Select(entry => entry.IsBinary ? Convert.ToHexStringLower(entry.ValueBytes) : entry.Value);

    /// <summary>A deadline so far from now.</summary>
    public static DateTime In(TimeSpan time) => TimeProvider.System.GetUtcNow().UtcDateTime + time;
}
