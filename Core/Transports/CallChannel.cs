using OrleansPool.Core.Model;

namespace OrleansPool.Core.Transports;

/// <summary>A channel that carries calls, whatever its protocol makes of them. Thread-safe.</summary>
public abstract class CallChannel : TransportChannel
{
    /// <summary>
    /// Sends a request and waits until its answer begins. The body, where it is still arriving, goes on being sent meanwhile. Failures are returned; only a
    /// cancelled <paramref name="cancellation"/> throws.
    /// </summary>
    /// <param name="request">What to send.</param>
    /// <param name="options">What this attempt adds to the request.</param>
    /// <param name="cancellation">Ends the call upstream when cancelled, as the protocol can: by a reset, or by closing the channel.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public abstract ValueTask<SendResult> SendAsync(CallRequest request, SendOptions options, CancellationToken cancellation);
}
