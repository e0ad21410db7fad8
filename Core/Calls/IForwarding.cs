using OrleansPool.Core.Model;

namespace OrleansPool.Core.Calls;

/// <summary>The way to other hosts of the pool for a call that finds no share of the limit at its own, or finds it shutting down. Thread-safe.</summary>
public interface IForwarding
{
    /// <summary>
    /// Has another host make the call, from its admission on, and brings back the answer: one extra hop. Never throws: failures are returned.
    /// <see cref="Model.Failures.FailureCode.ShareElsewhere"/> among them means that none of the holders took it, and nothing was sent.
    /// </summary>
    /// <param name="endpoint">Whom to call.</param>
    /// <param name="holders">Hosts with a share, best first. None when this host shuts down: then any other that serves the endpoint takes the call as if it had come there.</param>
    /// <param name="request">The call. A holder that is named serves it or turns it away, and forwards it no further.</param>
    /// <param name="deadline">When the call ends at the latest; the host that takes it sees to that.</param>
    /// <param name="caller">Cancelled when the caller leaves.</param>
    ValueTask<CallResult> ForwardAsync(string endpoint, IReadOnlyList<string> holders, CallRequest request, Deadline deadline, CancellationToken caller);
}
