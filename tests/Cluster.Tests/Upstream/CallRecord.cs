using Grpc.Core;
using OrleansPool.Core.Calls.Streams;

namespace OrleansPool.Cluster.Tests.Upstream;

/// <summary>One call as the upstream sees it, and the gate at which it may be waiting. Several calls share one where a test wants them to.</summary>
internal sealed class CallRecord(string id, string upstream)
{
    // Well within the time to live of a stream, which ends the call, too, and would hide that nothing else did.
    private static readonly TimeSpan _soon = StreamOptions.TimeToLive / 2;

    private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sent;
    private long _taken;
    private int _arrived;

    public string Id => id;

    /// <summary>What a client sends to be recognized.</summary>
    public Metadata Metadata => new() { { "call-id", id } };

    /// <summary>Headers of the request.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; private set; } = [];

    /// <summary>Time that the call had when it arrived; null without a deadline.</summary>
    public TimeSpan? TimeLeft { get; private set; }

    /// <summary>For each message of the request, whether it came compressed.</summary>
    public IList<bool> Compressed { get; } = [];

    /// <summary>Bytes that the upstream could send so far.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Bytes that the upstream took so far.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Calls that arrived.</summary>
    public int Arrived => Volatile.Read(ref _arrived);

    /// <summary>True when the client ended the call before the upstream did.</summary>
    public bool IsCancelled => _cancelled.Task.IsCompleted;

    public Task Gate => _gate.Task;

    public Task BegunAsync() => _began.Task.InTime($"{id} to arrive at {upstream}");

    public Task CancelledAsync() => Eventually.HoldsAsync(() => IsCancelled, $"{id} to be reset at {upstream}", _soon);

    public void OpenGate() => _gate.TrySetResult();

    /// <summary>The value under <paramref name="name"/>, or null.</summary>
    public string? Header(string name) => Headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    internal int OnArrived(IReadOnlyList<(string Name, string Value)> headers, TimeSpan? timeLeft)
    {
        (Headers, TimeLeft) = (headers, timeLeft);
        var arrived = Interlocked.Increment(ref _arrived);
        _began.TrySetResult();
        return arrived;
    }

    internal void OnCancelled() => _cancelled.TrySetResult();

    internal void OnSent(long bytes) => Interlocked.Add(ref _sent, bytes);

    internal void OnTaken(long bytes) => Interlocked.Add(ref _taken, bytes);
}
