using OrleansPool.Core.Model;

namespace OrleansPool.Core.Calls;

/// <summary>An answer on its way to the caller. Owned by one reader. Disposing it before its body's end resets the call upstream.</summary>
public abstract class CallResponse : IAsyncDisposable
{
    /// <summary>HTTP status.</summary>
    public abstract int Status { get; }

    /// <summary>End-to-end headers.</summary>
    public abstract HeaderBlock Headers { get; }

    /// <summary>Trailers; complete after the body's end.</summary>
    public HeaderBlock Trailers { get; protected set; } = new(0);

    /// <summary>The next bytes of the body: at least one, or none at its end, at once when they are here. Never throws: failures are returned.</summary>
    public abstract ValueTask<BodyRead> ReadAsync(Memory<byte> buffer);

    /// <summary>
    /// After the body's end: completes when there is nothing left of the request either, where the one does not end with the other (TCP sessions); else at
    /// once. Never fails.
    /// </summary>
    public virtual Task WhenRequestDoneAsync() => Task.CompletedTask;

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();
}
