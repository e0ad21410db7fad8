using Microsoft.Extensions.Logging;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Calls.JsonRpc;
using OrleansPool.Core.Calls.Recent;
using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Pooling.Health;
using OrleansPool.Core.Transports;
using OrleansPool.Core.Transports.Framing;
using OrleansPool.Core.Transports.Http;
using OrleansPool.Core.Transports.JsonRpc;
using OrleansPool.Core.Transports.Tcp;

namespace OrleansPool.Core.Hosting;

/// <summary>Puts an endpoint together from its options, which have been checked.</summary>
internal sealed class EndpointFactory(IAddressResolver resolver, TimeProvider time, ILoggerFactory loggers, Framings framings, IForwarding? forwarding = null, PoolMeter? meter = null)
{
    /// <summary>All of them, each with its fallback.</summary>
    public IReadOnlyList<Endpoint> CreateAll(IDictionary<string, EndpointOptions> options)
    {
        var all = options.ToDictionary(pair => pair.Key, pair => Create(pair.Key, pair.Value), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, endpoint) in all)
        {
            if (options[name].Degradation is { Mode: DegradationMode.Fallback, Fallback: { } fallback }) endpoint.FallBackTo(all[fallback]);
        }

        return [.. all.Values];
    }

    public Endpoint Create(string name, EndpointOptions options)
    {
        var protocol = options.Protocol ?? throw new InvalidOperationException($"Endpoint {name} has no protocol; its options were not checked.");
        var logger = loggers.CreateLogger("OrleansPool.Pool");
        var speech = protocol switch
        {
            Protocol.Tcp => SpeakTcp(options),
            Protocol.JsonRpc => SpeakJsonRpc(name, options),
            _ => SpeakHttp(protocol, options),
        };
        var settings = new PoolSettings(name, options.IsMultiplexed, options.CallsPerChannel, options.Pool, options.Queue)
        {
            Outliers = options.Outliers,
            Check = options.Check,
            LetsWait = options.Degradation.Mode == DegradationMode.Wait,
        };
        var pool = new ChannelPool(settings, speech.Transport, new ShareLimiter(0, time.MonotonicNow()), new PoolTotals(), time, logger, recorder: meter is null ? null : new ConnectionRecorder(meter, name));
        var errors = new CallErrors(time);
        var pipeline = new CallPipeline(pool, speech.Semantics, options.Limits, options.Retry, time, forwarding, options.Hedging)
        {
            Recorder = meter is null ? null : new CallRecorder(meter, name, protocol, speech.Semantics, errors),
            Tracer = new CallTracer(name, protocol, speech.Semantics),
        };
        var addresses = new AddressWatch(name, Addresses(options), resolver, pool, options.Pool.DnsRefresh, time, logger);
        return new Endpoint(name, protocol, pipeline, addresses)
        {
            Framing = speech.Framing,
            JsonRpc = speech.JsonRpc,
            Errors = errors,
            History = new CallHistory(errors),
            Checks = HealthProbe.Of(options.Check) is { } probe ? new AddressChecks(pool, options.Check, probe, time, Random.Shared) : null,
        };
    }

    private Speech SpeakTcp(EndpointOptions options)
    {
        var framing = framings.Create(options.Tcp);
        var settings = new TcpTransportSettings
        {
            Tls = options.Tls,
            KeepAlive = options.KeepAlive,
            Time = time,
            Framing = framing,
            IsPipelined = options.Tcp.Pipelining,
            Reset = ResetOf(options.Tcp),
            HalfCloseTimeout = options.Tcp.HalfCloseTimeout,
        };
        return new Speech(new TcpTransport(settings), new TcpSemantics(framing, options.Tcp.Pipelining), framing);
    }

    private Speech SpeakJsonRpc(string name, EndpointOptions options)
    {
        // Sessions are bytes to the pool, whoever carries them; what they mean is looked at where they come in.
        if (options.HasSessions) return new Speech(new TcpTransport(new TcpTransportSettings { Tls = options.Tls, KeepAlive = options.KeepAlive, Time = time }), new JsonRpcSemantics(options.JsonRpc), JsonRpc: new JsonRpcTotals());
        var settings = new JsonRpcTransportSettings
        {
            Options = options.JsonRpc,
            Tls = options.Tls,
            KeepAlive = options.KeepAlive,
            Totals = new JsonRpcTotals(),
            Log = new JsonRpcLog(loggers.CreateLogger("OrleansPool.JsonRpc"), name, time),
        };
        return new Speech(new JsonRpcTransport(settings), new JsonRpcSemantics(options.JsonRpc), JsonRpc: settings.Totals);
    }

    private static Speech SpeakHttp(Protocol protocol, EndpointOptions options)
    {
        var settings = new HttpTransportSettings
        {
            Protocol = protocol,
            Tls = options.Tls,
            Authority = options.Authority,
            KeepAlivePingDelay = options.Pool.KeepAlivePingDelay,
            KeepAlivePingTimeout = options.Pool.KeepAlivePingTimeout,
            KeepAliveWithoutCalls = options.Pool.KeepAliveWithoutCalls,
        };
        return new Speech(new HttpTransport(settings), CallSemantics.Of(protocol));
    }

    private static ResetExchange? ResetOf(TcpOptions options) =>
        EscapedBytes.TryParse(options.Reset.Send ?? "", out var request) && EscapedBytes.TryParse(options.Reset.Expect ?? "", out var reply) && request.Length > 0
            ? new ResetExchange(request, reply, options.Reset.Timeout)
            : null;

    private static List<UpstreamAddress> Addresses(EndpointOptions options) =>
        [.. options.Addresses.Select(text => UpstreamAddress.TryParse(text, out var address) ? address : throw new InvalidOperationException($"{text} is no address."))];

    /// <summary>What goes with a protocol.</summary>
    private readonly record struct Speech(ITransport Transport, CallSemantics Semantics, IFraming? Framing = null, JsonRpcTotals? JsonRpc = null);
}
