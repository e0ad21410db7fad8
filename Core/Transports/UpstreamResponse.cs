using System.Diagnostics.CodeAnalysis;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Transports;

/// <summary>
/// An answer that has begun: its head is here, its body is read piece by piece, its trailers come after the end. Owned by one reader. Disposing it
/// before the end ends the call upstream.
/// </summary>
public abstract class UpstreamResponse : IAsyncDisposable
{
    /// <summary>HTTP status; 200 where the protocol has none.</summary>
    public abstract int Status { get; }

    /// <summary>End-to-end headers; empty where the protocol has none.</summary>
    public abstract HeaderBlock Headers { get; }

    /// <summary>The answer as an HTTP message, for a caller in this process who wants one; null where there is none. Its body is read here, and it is not to be disposed of.</summary>
    public virtual HttpResponseMessage? Message => null;

    /// <summary>False while the request's body is still being sent.</summary>
    public abstract bool IsRequestDone { get; }

    /// <summary>Completes when the request's body is sent, or will be no more; at once where an answer's end is the end of both. Never fails.</summary>
    public virtual Task WhenRequestDoneAsync() => Task.CompletedTask;

    /// <summary>Trailers; complete after the body's end, empty when there are none.</summary>
    public abstract HeaderBlock Trailers { get; }

    /// <summary>The first value of a header.</summary>
    public virtual bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) => Headers.TryGet(name, out value);

    /// <summary>The first value of a trailer, after the body's end.</summary>
    public virtual bool TryGetTrailer(string name, [NotNullWhen(true)] out string? value) => Trailers.TryGet(name, out value);

    /// <summary>
    /// The next bytes of the body: at least one, or none at its end. Completes at once when bytes are here. Failures are returned; only a cancelled
    /// token throws.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; the call was ended upstream.</exception>
    public abstract ValueTask<BodyRead> ReadAsync(Memory<byte> buffer, CancellationToken cancellation);

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();
}
