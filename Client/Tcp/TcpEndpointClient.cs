using System.Buffers;
using OrleansPool.Client.Hosting;
using OrleansPool.Core.Model;

namespace OrleansPool.Client.Tcp;

/// <summary>
/// Calls a TCP endpoint through the pool: made by <c>OrleansPoolClient.CreateTcpClient</c>. Each exchange goes by itself, over whichever connection is free; a
/// session has one for itself. Cheap; still, keep one. Thread-safe.
/// </summary>
public sealed class TcpEndpointClient
{
    private static readonly HttpMethod _exchange = new(TcpMethods.Exchange);
    private static readonly HttpMethod _session = new(TcpMethods.Session);

    // Of a handler that there is nothing to dispose of.
    private readonly Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> _send;
    private readonly Uri _address;
    private readonly TimeProvider _time;

    internal TcpEndpointClient(HttpMessageHandler handler, Uri address, TimeProvider time)
    {
        _send = new HttpMessageInvoker(handler, disposeHandler: false).SendAsync;
        (_address, _time) = (address, time);
    }

    /// <summary>Sends one whole frame and waits for the one that answers it. The endpoint needs <c>Tcp:Framing</c>.</summary>
    /// <param name="frame">The request, as it goes over the wire.</param>
    /// <param name="cancellation">Cancelled when nobody waits for the reply any more; the upstream's connection is then closed.</param>
    /// <returns>The reply, as it came over the wire.</returns>
    /// <exception cref="PoolCallException">The exchange failed before its reply began; it says whether it may be repeated.</exception>
    /// <exception cref="HttpRequestException">The reply broke off.</exception>
    public async Task<ReadOnlyMemory<byte>> ExchangeAsync(ReadOnlySequence<byte> frame, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(_exchange, _address) { Content = new ReadOnlyMemoryContent(frame.IsSingleSegment ? frame.First : frame.ToArray()) };
        using var response = await _send(request, cancellation).ConfigureAwait(false);
        var reply = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
        return PoolCallException.Of(response, reply) is { } failure ? throw failure : reply;
    }

    /// <summary>Waits for a connection and has it from then on, until the session is disposed of.</summary>
    /// <param name="cancellation">Cancelled when nobody waits any more; has no say over a session that stands.</param>
    /// <exception cref="PoolCallException">There is none to be had.</exception>
    public async Task<TcpSession> OpenSessionAsync(CancellationToken cancellation = default)
    {
        var upload = new SessionUpload();
        using var request = new HttpRequestMessage(_session, _address) { Content = upload };
        var response = await OpenAsync(request, upload, cancellation).ConfigureAwait(false);
        return new TcpSession(response, await response.Content.ReadAsStreamAsync(CancellationToken.None).ConfigureAwait(false), upload.Writer, _time);
    }

    private async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, SessionUpload upload, CancellationToken cancellation)
    {
        HttpResponseMessage? response = null;
        try
        {
            response = await _send(request, cancellation).ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return response;
            var body = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
            throw PoolCallException.Of(response, body) ?? throw new InvalidOperationException($"A session was answered with status {response.StatusCode}.");
        }
        catch
        {
            await upload.Writer.CompleteAsync().ConfigureAwait(false);
            response?.Dispose();
            throw;
        }
    }
}
