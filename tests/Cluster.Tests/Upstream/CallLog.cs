using System.Collections.Concurrent;

namespace OrleansPool.Cluster.Tests.Upstream;

/// <summary>The calls of one upstream, by the name that a test gave them.</summary>
internal sealed class CallLog(string upstream)
{
    private readonly ConcurrentDictionary<string, CallRecord> _calls = new();
    private int _last;

    /// <summary>A call that is still to be made, under a name of its own.</summary>
    public CallRecord Expect(string name) => Of($"{name}-{Interlocked.Increment(ref _last)}");

    public CallRecord Of(string id) => _calls.GetOrAdd(id, id => new CallRecord(id, upstream));

    /// <summary>True when the upstream has heard of the call.</summary>
    public bool HasSeen(string id) => _calls.TryGetValue(id, out var call) && call.Arrived > 0;
}
