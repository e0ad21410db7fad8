using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Transports;

/// <summary>Opens channels of one endpoint. Thread-safe.</summary>
public interface ITransport
{
    /// <summary>
    /// Opens one channel, complete: connected, secured, and with the peer's first settings known where the protocol has any, so that the pool
    /// never learns of a dead peer from a call. Fails by value; a cancelled token means that the time to connect is up.
    /// </summary>
    ValueTask<ConnectResult> ConnectAsync(ResolvedAddress address, CancellationToken cancellation);
}

/// <summary>A channel, or why there is none.</summary>
public readonly struct ConnectResult
{
    private ConnectResult(TransportChannel? channel, CallFailure? failure)
    {
        Channel = channel;
        Failure = failure;
    }

    /// <summary>The open channel, or null.</summary>
    public TransportChannel? Channel { get; }

    /// <summary>Why there is none, or null.</summary>
    public CallFailure? Failure { get; }

    /// <summary>A channel is open.</summary>
    public static ConnectResult Connected(TransportChannel channel) => new(channel, null);

    /// <summary>No channel.</summary>
    public static ConnectResult Failed(CallFailure failure) => new(null, failure);
}
