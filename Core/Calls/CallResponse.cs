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
    public abstract HeaderBlock Trailers { get; }

    /// <summary>
    /// The upstream's own message, trailers included, for a caller in this process; null where the answer came by another way. Its body is read by
    /// <see cref="ReadAsync"/> alone, and ends with the answer.
    /// </summary>
    public virtual HttpResponseMessage? Message => null;

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
