using System.IO.Pipelines;

namespace OrleansPool.Client.Tcp;

/// <summary>
/// An upstream connection of one's own. What is written to <see cref="Output"/> goes to the upstream, and its end is the end of what the upstream reads; what
/// the upstream sends is in <see cref="Input"/>. The upstream's end leaves this side open for a while (<c>Tcp:HalfCloseTimeout</c>). One reader and one writer at a time.
/// </summary>
public sealed class TcpSession : IDuplexPipe, IAsyncDisposable
{
    // An upstream that ends on its caller's end, or is reset by the pool, does so within a round trip.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private readonly HttpResponseMessage _response;
    private readonly TimeProvider _time;
    private int _isDisposed;

    internal TcpSession(HttpResponseMessage response, Stream body, PipeWriter output, TimeProvider time)
    {
        (_response, _time) = (response, time);
        Input = PipeReader.Create(body, new StreamPipeReaderOptions(leaveOpen: true));
        Output = output;
    }

    /// <summary>What the upstream sends.</summary>
    public PipeReader Input { get; }

    /// <summary>What the upstream gets. Completing it ends this side only.</summary>
    public PipeWriter Output { get; }

    /// <summary>The session as one stream, to be read by one and written by another at a time. Disposing of it disposes of the session.</summary>
    public Stream AsStream() => new TcpSessionStream(this);

    /// <summary>Ends it: this side first, then, for at most a second, it waits for the upstream's end, so that the connection may be used again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1) return;
        await Output.CompleteAsync().ConfigureAwait(false);
        using var patience = new CancellationTokenSource(_patience, _time);
        try
        {
            await Input.CopyToAsync(Stream.Null, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // It did not end by itself, broke, or was completed by its reader: then it is broken off.
        }

        await Input.CompleteAsync().ConfigureAwait(false);
        _response.Dispose();
    }
}
