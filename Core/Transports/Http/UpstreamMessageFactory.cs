using System.Collections.Concurrent;
using System.Net;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Transports.Http;

/// <summary>Turns a call into the handler's request message, by the rules of an intermediary: everything end-to-end passes as it is, nothing else does.</summary>
internal sealed class UpstreamMessageFactory
{
    // The caller's path goes on byte for byte: "%2e%2e" and "a//b" mean something to some upstreams.
    private static readonly UriCreationOptions _verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    // A gRPC target names a method, of which there are few.
    private const int MostKnown = 1_000;

    private readonly ConcurrentDictionary<string, Uri>? _known;
    private readonly string _origin;
    private readonly bool _isMultiplexed;
    private int _knownCount;

    public UpstreamMessageFactory(HttpTransportSettings settings, UpstreamAddress address)
    {
        _isMultiplexed = settings.Protocol.IsMultiplexed();
        _known = settings.Protocol == Protocol.Grpc ? new ConcurrentDictionary<string, Uri>(StringComparer.Ordinal) : null;
        Authority = settings.Authority ?? address.ToString();
        _origin = $"{(settings.Tls.Enabled ? "https" : "http")}://{Authority}";
    }

    /// <summary>What goes into <c>:authority</c> or <c>Host</c>.</summary>
    public string Authority { get; }

    public UpstreamMessage CreateOpener() => NewMessage(HttpMethod.Options, "/");

    public UpstreamMessage Create(CallRequest request, SendOptions options, out StreamedContent? streamed)
    {
        var message = NewMessage(HttpMethod.Parse(request.Method), request.Target);
        streamed = request.BodyReader is null ? null : new StreamedContent(request, options.RequestGauge, _isMultiplexed);
        if (request.HasBody) message.Content = streamed is null ? new BufferedContent(request.Body, announceLength: !_isMultiplexed) : streamed;
        CopyHeaders(request.Headers, message);
        if (options.GrpcTimeout is not null) message.Headers.TryAddWithoutValidation("grpc-timeout", options.GrpcTimeout);
        return message;
    }

    /// <summary>Takes the caller's own message, to be given back when its head was answered.</summary>
    public LentMessage Borrow(CallRequest request, SendOptions options) => new(request.Caller, UriOf(request.Target), SpokenVersion, options.GrpcTimeout, request.Span);

    private Version SpokenVersion => _isMultiplexed ? HttpVersion.Version20 : HttpVersion.Version11;

    private Uri UriOf(string target)
    {
        if (_known is null) return new Uri(_origin + target, _verbatim);
        if (_known.TryGetValue(target, out var known)) return known;
        var uri = new Uri(_origin + target, _verbatim);
        if (Volatile.Read(ref _knownCount) < MostKnown && _known.TryAdd(target, uri)) Interlocked.Increment(ref _knownCount);
        return uri;
    }

    private UpstreamMessage NewMessage(HttpMethod method, string target) => new(method, UriOf(target))
    {
        Version = SpokenVersion,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private static void CopyHeaders(HeaderBlock headers, HttpRequestMessage message)
    {
        var named = HopByHopHeaders.NamedByConnection(headers);
        for (var at = 0; at < headers.Count; at++)
        {
            var (name, value) = headers[at];
            if (!Passes(name, value) || named?.Contains(name) == true) continue;
            if (HopByHopHeaders.IsTe(name)) value = HopByHopHeaders.TrailersOnly;

            // The handler writes values under one name as one line, but has two places for them: so a name may come twice. More are joined, as HTTP allows.
            if (headers.HasBefore(at) && message.Content?.Headers.TryAddWithoutValidation(name, value) == true) continue;
            if (!message.Headers.TryAddWithoutValidation(name, value)) message.Content?.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static bool Passes(string name, string value) => name.Length switch
    {
        2 => !HopByHopHeaders.IsTe(name) || HopByHopHeaders.AsksForTrailers(value),
        4 => !string.Equals(name, "Host", StringComparison.OrdinalIgnoreCase),

        // Answered by whoever reads the body from the caller; the deadline is sent anew, less the time spent.
        6 => !string.Equals(name, "Expect", StringComparison.OrdinalIgnoreCase),
        12 => !string.Equals(name, "grpc-timeout", StringComparison.OrdinalIgnoreCase),
        22 => !string.Equals(name, CallMarks.Idempotent, StringComparison.OrdinalIgnoreCase),
        _ => !HopByHopHeaders.Contains(name),
    };
}
