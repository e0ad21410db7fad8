namespace OrleansPool.Core.Model.Failures;

/// <summary>
/// Why a call has no good answer, one member per place and party. The numbers travel over the cluster's wire: never reuse one.
/// What each means, who failed, what to do and what the caller sees: <see cref="FailureFacts"/> and docs/errors.md.
/// </summary>
public enum FailureCode
{
    /// <summary>No endpoint of that name.</summary>
    EndpointUnknown = 1,

    /// <summary>The request breaks a rule of its protocol.</summary>
    RequestInvalid = 2,

    /// <summary>A gRPC endpoint was sent something that is not gRPC.</summary>
    ContentTypeUnsupported = 3,

    /// <summary>A request message over the endpoint's limit, or over what the cluster's wire carries.</summary>
    RequestTooLarge = 4,

    /// <summary>The caller gave up.</summary>
    CallerCancelled = 5,

    /// <summary>The caller's request body ended in an error.</summary>
    CallerAborted = 6,

    /// <summary>As many calls wait as the endpoint allows.</summary>
    QueueFull = 20,

    /// <summary>The call waited as long as the endpoint allows.</summary>
    QueueTimeout = 21,

    /// <summary>The caller's deadline passed while the call waited; it never left.</summary>
    DeadlineInQueue = 22,

    /// <summary>This host is shutting down.</summary>
    Draining = 23,

    /// <summary>This host has no share of the endpoint's limit, and no host that has one took the call.</summary>
    ShareElsewhere = 24,

    /// <summary>The call would have waited longer than its deadline leaves room for; it was not let wait in vain.</summary>
    WaitTooLong = 25,

    /// <summary>No permit or channel was free, and the endpoint lets no call wait.</summary>
    Exhausted = 26,

    /// <summary>None of the endpoint's host names resolves.</summary>
    NoAddress = 40,

    /// <summary>The connection was refused or broke while it was being opened.</summary>
    ConnectFailed = 41,

    /// <summary>The connection did not open in time.</summary>
    ConnectTimeout = 42,

    /// <summary>TLS could not be agreed, or the certificate is not trusted.</summary>
    TlsFailed = 43,

    /// <summary>The peer accepted the connection but does not speak the protocol.</summary>
    HandshakeFailed = 44,

    /// <summary>Every address failed lately and is being left alone for a while.</summary>
    CircuitOpen = 45,

    /// <summary>The upstream said that it did not process the call (REFUSED_STREAM, GOAWAY), or the channel closed before the call left.</summary>
    UpstreamRefused = 60,

    /// <summary>The request's headers are larger than the upstream takes.</summary>
    HeadersTooLarge = 61,

    /// <summary>The deadline passed while the upstream worked.</summary>
    DeadlineAtUpstream = 62,

    /// <summary>The upstream reset the call.</summary>
    UpstreamReset = 63,

    /// <summary>The connection broke while the call was in flight.</summary>
    UpstreamClosed = 64,

    /// <summary>The upstream's answer breaks its protocol.</summary>
    UpstreamProtocolError = 65,

    /// <summary>A response message over the endpoint's limit.</summary>
    ResponseTooLarge = 66,

    /// <summary>A call before it on the same connection ended early, and took the connection along.</summary>
    PipelineCut = 67,

    /// <summary>The silo that carried the call died or was cut off.</summary>
    GatewayLost = 80,

    /// <summary>No silo of the cluster can be reached.</summary>
    ClusterUnreachable = 81,

    /// <summary>A bug in the pool.</summary>
    InternalError = 99,
}
