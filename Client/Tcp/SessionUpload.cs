using System.IO.Pipelines;
using System.Net;

namespace OrleansPool.Client.Tcp;

/// <summary>What a session's caller writes, as the body of a request that ends when the caller says so.</summary>
internal sealed class SessionUpload : HttpContent
{
    private readonly Pipe _pipe = new(new PipeOptions(useSynchronizationContext: false));

    public PipeWriter Writer => _pipe.Writer;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        try
        {
            await _pipe.Reader.CopyToAsync(stream, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            // Whoever writes on learns that nobody takes it any more.
            await _pipe.Reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
