using System.Diagnostics;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Transports.Http;

/// <summary>
/// A caller's own message on its way to the upstream. It is sent as it is, but for whom it is addressed to, what it says of its deadline, and a content that was
/// written already; when its answer has begun, or will not, it is given back as it was. A copy of it would cost more than all else that the pool does for a call.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct LentMessage
{
    private const string TimeoutHeader = "grpc-timeout";

    private readonly Uri? _uri;
    private readonly Version _version;
    private readonly HttpVersionPolicy _policy;
    private readonly string? _host;
    private readonly string? _timeout;
    private readonly bool _hasNewTimeout;
    private readonly HttpContent? _content;
    private readonly LentTrace? _trace;

    /// <summary>Takes the message and addresses it.</summary>
    /// <param name="caller">The caller's.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="version">The version to speak.</param>
    /// <param name="grpcTimeout">Value for <c>grpc-timeout</c>, replacing the caller's; null to send none.</param>
    /// <param name="span">The call's span, in the place of the caller's; null to leave that as it is.</param>
    public LentMessage(in CallerMessage caller, Uri to, Version version, string? grpcTimeout, Activity? span)
    {
        Message = caller.Message!;
        (_uri, _version, _policy) = (Message.RequestUri, Message.Version, Message.VersionPolicy);
        (_host, _timeout) = (caller.Host, caller.GrpcTimeout);
        _hasNewTimeout = !string.Equals(_timeout, grpcTimeout, StringComparison.Ordinal);
        if (_host is not null) Message.Headers.Host = null;
        if (_hasNewTimeout) SetTimeout(Message.Headers, grpcTimeout);
        _trace = span is null ? null : new LentTrace(Message.Headers, span);
        (Message.RequestUri, Message.Version, Message.VersionPolicy) = (to, version, HttpVersionPolicy.RequestVersionExact);
        if (caller.Written is not { } written) return;
        _content = Message.Content;
        Message.Content = InPlaceOf(_content!, new BufferedContent(written, announceLength: version.Major == 1));
    }

    /// <summary>The message.</summary>
    public HttpRequestMessage Message { get; }

    /// <summary>The message is its caller's again, as it was.</summary>
    public void GiveBack()
    {
        (Message.RequestUri, Message.Version, Message.VersionPolicy) = (_uri, _version, _policy);
        if (_host is not null) Message.Headers.TryAddWithoutValidation("Host", _host);
        if (_hasNewTimeout) SetTimeout(Message.Headers, _timeout);
        if (_content is not null) Message.Content = _content;
        _trace?.GiveBack();
    }

    // Each header has one line, or the message would not be sent as it is.
    private static BufferedContent InPlaceOf(HttpContent content, BufferedContent written)
    {
        foreach (var (name, value) in content.Headers.NonValidated) written.Headers.TryAddWithoutValidation(name, value.ToString());
        return written;
    }

    private static void SetTimeout(HttpRequestHeaders headers, string? value)
    {
        headers.Remove(TimeoutHeader);
        if (value is not null) headers.TryAddWithoutValidation(TimeoutHeader, value);
    }

    /// <summary>The headers with the call's span, and what its caller had in them. A class: the many calls that nobody traces carry no more than a null.</summary>
    private sealed class LentTrace
    {
        private readonly HttpRequestHeaders _headers;
        private readonly (string? Parent, string? State) _caller;

        public LentTrace(HttpRequestHeaders headers, Activity span)
        {
            (_headers, _caller) = (headers, TraceHeaders.Read(headers));
            TraceHeaders.Write(headers, span.Id, span.TraceStateString);
        }

        public void GiveBack() => TraceHeaders.Write(_headers, _caller.Parent, _caller.State);
    }
}
