using System.Net;
using OrleansPool.Client.Messages;
using OrleansPool.Core.Calls;

namespace OrleansPool.Client.Local;

/// <summary>The content of a response that comes over a channel of this process.</summary>
internal sealed class LocalContent : HttpContent
{
    private LocalBody? _body;

    /// <summary>A response whose body is that of <paramref name="answer"/>, which it owns from here on.</summary>
    public static HttpResponseMessage Begin(HttpRequestMessage request, CallResponse answer, bool isGrpc, CancellationToken caller)
    {
        var content = new LocalContent();
        var response = answer.Message is { } own ? Replies.Adopt(request, own, content) : Replies.Begin(request, answer, content);
        content._body = new LocalBody(answer, response, isGrpc, caller);
        return response;
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(_body!);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _body!.CopyToAsync(stream);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _body!.CopyToAsync(stream, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _body!.Dispose();
        base.Dispose(disposing);
    }
}
