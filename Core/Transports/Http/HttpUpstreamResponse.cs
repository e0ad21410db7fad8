using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Transports.Http;

/// <summary>The answer of an HTTP upstream. Disposing it before the end resets the call.</summary>
internal sealed class HttpUpstreamResponse : UpstreamResponse
{
    private readonly HttpResponseMessage _message;
    private readonly HttpContent _content;
    private readonly StreamedContent? _request;
    private readonly PeerResets _resets;
    private readonly Stream _body;
    private HeaderBlock? _headers;

    public HttpUpstreamResponse(HttpResponseMessage message, StreamedContent? request, PeerResets resets)
    {
        (_message, _content, _request, _resets) = (message, message.Content, request, resets);
        _body = _content.ReadAsStream();
    }

    public override int Status => (int)_message.StatusCode;

    public override HeaderBlock Headers => _headers ??= EndToEnd();

    public override HttpResponseMessage Message => _message;

    public override bool IsRequestDone => _request is null || _request.IsFinished;

    public override HeaderBlock Trailers => Copy(_message.TrailingHeaders, new HeaderBlock(), null);

    public override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) =>
        MessageHeaders.TryGet(_message.Headers, name, out value) || MessageHeaders.TryGet(_content.Headers, name, out value);

    public override bool TryGetTrailer(string name, [NotNullWhen(true)] out string? value) => MessageHeaders.TryGet(_message.TrailingHeaders, name, out value);

    public override ValueTask<BodyRead> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
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

    public override async ValueTask DisposeAsync()
    {
        // Not the message, which may be the caller's by now.
        _content.Dispose();
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

    private HeaderBlock EndToEnd()
    {
        var headers = new HeaderBlock();
        var named = HopByHopHeaders.NamedByConnection(_message.Headers);
        Copy(_message.Headers, headers, named);
        return Copy(_content.Headers, headers, named);
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
