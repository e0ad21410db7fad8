using System.Net.Http.Headers;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Transports.Http;

/// <summary>
/// An answer that has begun: its head is here, its body is read piece by piece, its trailers come after the end. Owned by one reader. Disposing it
/// before the end resets the call upstream.
/// </summary>
public sealed class UpstreamResponse : IAsyncDisposable
{
    private readonly HttpResponseMessage _message;
    private readonly StreamedContent? _request;
    private readonly PeerResets _resets;
    private readonly Stream _body;

    internal UpstreamResponse(HttpResponseMessage message, StreamedContent? request, PeerResets resets)
    {
        (_message, _request, _resets) = (message, request, resets);
        _body = message.Content.ReadAsStream();
        Headers = EndToEnd(message);
    }

    /// <summary>HTTP status.</summary>
    public int Status => (int)_message.StatusCode;

    /// <summary>End-to-end headers.</summary>
    public HeaderBlock Headers { get; }

    /// <summary>False while the request's body is still being sent.</summary>
    public bool IsRequestDone => _request is null || _request.IsFinished;

    /// <summary>Trailers; complete after the body's end, empty when there are none.</summary>
    public HeaderBlock Trailers => Copy(_message.TrailingHeaders, new HeaderBlock(), null);

    /// <summary>
    /// The next bytes of the body: at least one, or none at its end. Completes at once when bytes are here. Failures are returned; only a cancelled
    /// token throws.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; the call was reset upstream.</exception>
    public ValueTask<BodyRead> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        ValueTask<int> reading;
        try
        {
            reading = _body.ReadAsync(buffer, cancellation);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return new(Failed(e));
        }

        return reading.IsCompletedSuccessfully ? new(new BodyRead(reading.GetAwaiter().GetResult())) : AwaitReadAsync(reading);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _message.Dispose();
        if (_request is not null) await _request.StopAsync().ConfigureAwait(false);
    }

    private async ValueTask<BodyRead> AwaitReadAsync(ValueTask<int> reading)
    {
        try
        {
            return new BodyRead(await reading.ConfigureAwait(false));
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return Failed(e);
        }
    }

    private BodyRead Failed(Exception e) => new(_request?.SourceFailure ?? UpstreamFailures.From(e, provablyUnsent: false, _resets));

    private static HeaderBlock EndToEnd(HttpResponseMessage message)
    {
        var headers = new HeaderBlock();
        var named = HopByHopHeaders.NamedByConnection(message.Headers);
        Copy(message.Headers, headers, named);
        return Copy(message.Content.Headers, headers, named);
    }

    private static HeaderBlock Copy(HttpHeaders from, HeaderBlock to, HashSet<string>? dropped)
    {
        foreach (var (name, values) in from.NonValidated)
        {
            if (HopByHopHeaders.Contains(name) || dropped?.Contains(name) == true) continue;
            foreach (var value in values) to.Add(name, value);
        }

        return to;
    }
}
