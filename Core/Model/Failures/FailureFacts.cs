using System.Collections.Frozen;

namespace OrleansPool.Core.Model.Failures;

/// <summary>
/// All that is known of a failure from its code alone: where, who, what follows, and how it is told to a gRPC and to an HTTP caller.
/// This table is the source of docs/errors.md.
/// </summary>
/// <param name="Stage">Where calls usually fail so; a <see cref="CallFailure"/> may say another stage.</param>
/// <param name="Party">Who failed.</param>
/// <param name="Traits">What follows.</param>
/// <param name="GrpcStatus">Status told to a gRPC caller.</param>
/// <param name="HttpStatus">Status told to an HTTP caller.</param>
/// <param name="Advice">What to do, one sentence.</param>
public sealed record FailureFacts(Stage Stage, Party Party, FailureTraits Traits, GrpcStatus GrpcStatus, int HttpStatus, string Advice)
{
    private const FailureTraits NotSent = FailureTraits.Retryable;
    private const FailureTraits TurnedAway = FailureTraits.Retryable | FailureTraits.Rejected;

    private static readonly FrozenDictionary<FailureCode, FailureFacts> _table = new Dictionary<FailureCode, FailureFacts>
    {
        [FailureCode.EndpointUnknown] = new(Stage.Route, Party.Caller, FailureTraits.None, GrpcStatus.Unimplemented, 404,
            "Check the name, and that OrleansPool:Endpoints has it."),
        [FailureCode.RequestInvalid] = new(Stage.Route, Party.Caller, FailureTraits.None, GrpcStatus.InvalidArgument, 400,
            "Mend the request; the detail says what is wrong with it."),
        [FailureCode.ContentTypeUnsupported] = new(Stage.Route, Party.Caller, FailureTraits.None, GrpcStatus.InvalidArgument, 415,
            "Call a gRPC endpoint with a gRPC client over HTTP/2, or set the endpoint's Protocol to http2."),
        [FailureCode.RequestTooLarge] = new(Stage.Send, Party.Caller, FailureTraits.None, GrpcStatus.ResourceExhausted, 413,
            "Send less at once, or raise Limits:MaxRequestMessageBytes."),
        [FailureCode.CallerCancelled] = new(Stage.Await, Party.Caller, FailureTraits.Interrupted, GrpcStatus.Cancelled, 499,
            "Nothing: the caller left."),
        [FailureCode.CallerAborted] = new(Stage.Send, Party.Caller, FailureTraits.Interrupted, GrpcStatus.Cancelled, 400,
            "Look at the caller: its request ended in an error."),

        [FailureCode.QueueFull] = new(Stage.Admit, Party.Pool, TurnedAway, GrpcStatus.ResourceExhausted, 503,
            "Send less, or raise Limits:Max and Pool:Max if the upstream can take more; Queue:MaxWaiters only lengthens the wait."),
        [FailureCode.QueueTimeout] = new(Stage.Admit, Party.Pool, TurnedAway, GrpcStatus.ResourceExhausted, 503,
            "As for QueueFull; Queue:MaxWait bounds the wait."),
        [FailureCode.DeadlineInQueue] = new(Stage.Admit, Party.Pool, FailureTraits.DeadlineExceeded, GrpcStatus.DeadlineExceeded, 504,
            "As for QueueFull, or allow the call more time."),
        [FailureCode.Draining] = new(Stage.Admit, Party.Pool, TurnedAway, GrpcStatus.Unavailable, 503,
            "Call another host of the pool; this one is shutting down."),
        [FailureCode.ShareElsewhere] = new(Stage.Admit, Party.Pool, TurnedAway, GrpcStatus.Unavailable, 503,
            "Retry: the endpoint's limit is smaller than the number of hosts, and its shares were just moving between them."),

        [FailureCode.WaitTooLong] = new(Stage.Admit, Party.Pool, TurnedAway, GrpcStatus.ResourceExhausted, 503,
            "As for QueueFull, or allow the call more time; the retry-after says how long the wait is."),

        [FailureCode.Exhausted] = new(Stage.Admit, Party.Pool, TurnedAway, GrpcStatus.ResourceExhausted, 503,
            "As for QueueFull; Degradation:Mode decides that calls do not wait."),

        [FailureCode.NoAddress] = new(Stage.Connect, Party.Upstream, NotSent, GrpcStatus.Unavailable, 503,
            "Check the host names under Addresses and the DNS that this host uses."),
        [FailureCode.ConnectFailed] = new(Stage.Connect, Party.Upstream, NotSent, GrpcStatus.Unavailable, 502,
            "Check that the upstream runs and listens, and the firewall between."),
        [FailureCode.ConnectTimeout] = new(Stage.Connect, Party.Upstream, NotSent, GrpcStatus.Unavailable, 504,
            "Check the network to the upstream; Pool:ConnectTimeout bounds the attempt."),
        [FailureCode.TlsFailed] = new(Stage.Connect, Party.Upstream, NotSent, GrpcStatus.Unavailable, 502,
            "Check Tls:CaFile, Tls:ServerName, the client certificate, and the upstream's certificate."),
        [FailureCode.HandshakeFailed] = new(Stage.Connect, Party.Upstream, NotSent, GrpcStatus.Unavailable, 502,
            "Check that the port speaks the endpoint's Protocol, and whether TLS is expected."),
        [FailureCode.CircuitOpen] = new(Stage.Connect, Party.Upstream, TurnedAway, GrpcStatus.Unavailable, 503,
            "Mend the upstream; one attempt probes it when the retry-after is over."),

        [FailureCode.UpstreamRefused] = new(Stage.Send, Party.Upstream, NotSent, GrpcStatus.Unavailable, 503,
            "Retry; where it persists, the upstream closes connections faster than calls can use them."),
        [FailureCode.HeadersTooLarge] = new(Stage.Send, Party.Caller, FailureTraits.None, GrpcStatus.ResourceExhausted, 431,
            "Send fewer or shorter headers; the upstream announced the limit."),
        [FailureCode.DeadlineAtUpstream] = new(Stage.Await, Party.Upstream, FailureTraits.DeadlineExceeded | FailureTraits.Interrupted, GrpcStatus.DeadlineExceeded, 504,
            "Look at the upstream's response time, or allow the call more time."),
        [FailureCode.UpstreamReset] = new(Stage.Receive, Party.Upstream, FailureTraits.Interrupted, GrpcStatus.Internal, 502,
            "Look at the upstream's log; the detail has the reset's code."),
        [FailureCode.UpstreamClosed] = new(Stage.Receive, Party.Upstream, FailureTraits.Interrupted, GrpcStatus.Unavailable, 502,
            "Look at the upstream: it closed the connection with calls in flight. Repeat the call only if that is safe."),
        [FailureCode.UpstreamProtocolError] = new(Stage.Receive, Party.Upstream, FailureTraits.Interrupted, GrpcStatus.Internal, 502,
            "Look at the upstream: its answer breaks the protocol; the detail says how."),
        [FailureCode.ResponseTooLarge] = new(Stage.Receive, Party.Upstream, FailureTraits.Interrupted, GrpcStatus.ResourceExhausted, 502,
            "Ask for less at once, or raise Limits:MaxResponseMessageBytes."),
        [FailureCode.PipelineCut] = new(Stage.Await, Party.Pool, FailureTraits.Interrupted, GrpcStatus.Unavailable, 502,
            "Repeat the call only if that is safe. Where it is often, lower Pool:CallsPerChannel, or give calls more time."),

        [FailureCode.GatewayLost] = new(Stage.Await, Party.Pool, FailureTraits.Interrupted, GrpcStatus.Unavailable, 502,
            "Repeat the call only if that is safe; new calls go to a live silo."),
        [FailureCode.ClusterUnreachable] = new(Stage.Route, Party.Pool, NotSent, GrpcStatus.Unavailable, 503,
            "Check that silos run, and that this client can reach their gateways."),
        [FailureCode.InternalError] = new(Stage.Route, Party.Pool, FailureTraits.Interrupted, GrpcStatus.Internal, 500,
            "Report it, with the log around it: this is a bug in the pool."),
    }.ToFrozenDictionary();

    /// <summary>The facts of <paramref name="code"/>; an unknown code, as a newer silo may send, is treated as an internal error.</summary>
    public static FailureFacts Of(FailureCode code) => _table.TryGetValue(code, out var facts) ? facts : _table[FailureCode.InternalError];
}
