using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Transports.Http;

/// <summary>What the HTTP handler's exceptions mean.</summary>
internal static class UpstreamFailures
{
    /// <param name="e">What the handler threw.</param>
    /// <param name="provablyUnsent">
    /// Whether a request for which the handler wanted another connection is known to be unprocessed. HTTP/2 says so by itself; with HTTP/1.1 the handler
    /// also asks again when a reused connection closed without an answer, though the request may have been read.
    /// </param>
    /// <param name="resets">What the peer reset.</param>
    public static CallFailure From(Exception e, bool provablyUnsent, PeerResets resets)
    {
        if (Cause<ChannelSpentException>(e) is not null)
            return provablyUnsent ? ChannelFailures.NotSent() : new CallFailure(FailureCode.UpstreamClosed, "The upstream closed the connection without an answer.");
        if (Cause<HttpProtocolException>(e) is { } broken) return resets.TryClaim(broken.ErrorCode) ? Reset(broken) : ConnectionFailed(broken);
        return ErrorOf(e) switch
        {
            HttpRequestError.ResponseEnded => new CallFailure(FailureCode.UpstreamClosed, "The upstream closed the connection with the call in flight."),
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.ConfigurationLimitExceeded =>
                new CallFailure(FailureCode.UpstreamProtocolError, (e.InnerException ?? e).Message),
            var error when error is not null || e is IOException => new CallFailure(FailureCode.UpstreamClosed, (e.InnerException ?? e).Message),
            _ => new CallFailure(FailureCode.InternalError, $"{e.GetType().Name}: {e.Message}"),
        };
    }

    private static CallFailure ConnectionFailed(HttpProtocolException broken) =>
        new(FailureCode.UpstreamClosed, $"The connection failed with the call in flight: {broken.Message}");

    private static CallFailure Reset(HttpProtocolException reset) =>
        new(FailureCode.UpstreamReset, $"The upstream reset the call, HTTP/2 error code {ErrorName(reset.ErrorCode)}.")
        {
            GrpcStatus = GrpcStatusMapping.FromReset(reset.ErrorCode),
        };

    // RFC 9113, section 7.
    private static string ErrorName(long code) => code switch
    {
        0x0 => "NO_ERROR",
        0x1 => "PROTOCOL_ERROR",
        0x2 => "INTERNAL_ERROR",
        0x3 => "FLOW_CONTROL_ERROR",
        0x4 => "SETTINGS_TIMEOUT",
        0x5 => "STREAM_CLOSED",
        0x6 => "FRAME_SIZE_ERROR",
        0x7 => "REFUSED_STREAM",
        0x8 => "CANCEL",
        0x9 => "COMPRESSION_ERROR",
        0xa => "CONNECT_ERROR",
        0xb => "ENHANCE_YOUR_CALM",
        0xc => "INADEQUATE_SECURITY",
        0xd => "HTTP_1_1_REQUIRED",
        _ => $"0x{code:x}",
    };

    private static HttpRequestError? ErrorOf(Exception e) => e switch
    {
        _ when Cause<HttpIOException>(e) is { } cut => cut.HttpRequestError,
        HttpRequestException refused => refused.HttpRequestError,
        _ => null,
    };

    private static T? Cause<T>(Exception? e)
        where T : Exception
    {
        while (e is not null and not T) e = e.InnerException;
        return (T?)e;
    }
}
