using Microsoft.Extensions.Logging;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Transports;
using OrleansPool.Core.Transports.Framing;
using OrleansPool.Core.Transports.Http;
using OrleansPool.Core.Transports.Tcp;

namespace OrleansPool.Core.Hosting;

/// <summary>Puts an endpoint together from its options, which have been checked.</summary>
internal sealed class EndpointFactory(IAddressResolver resolver, TimeProvider time, ILoggerFactory loggers, Framings framings, IForwarding? forwarding = null)
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
        var framing = protocol == Protocol.Tcp ? framings.Create(options.Tcp) : null;
        var semantics = protocol == Protocol.Tcp ? new TcpSemantics(framing) : CallSemantics.Of(protocol);
        var settings = new PoolSettings(name, protocol.IsMultiplexed(), options.CallsPerChannel, options.Pool, options.Queue)
        {
            Outliers = options.Outliers,
            LetsWait = options.Degradation.Mode == DegradationMode.Wait,
        };
        var pool = new ChannelPool(settings, NewTransport(protocol, options, framing), new ShareLimiter(0, time.MonotonicNow()), new PoolTotals(), time, logger);
        var pipeline = new CallPipeline(pool, semantics, options.Limits, options.Retry, time, forwarding);
        return new Endpoint(name, protocol, pipeline, new AddressWatch(name, Addresses(options), resolver, pool, options.Pool.DnsRefresh, time, logger)) { Framing = framing };
    }

    private static ITransport NewTransport(Protocol protocol, EndpointOptions options, IFraming? framing) => protocol == Protocol.Tcp
        ? new TcpTransport(new TcpTransportSettings { Tls = options.Tls, Framing = framing })
        : new HttpTransport(new HttpTransportSettings
        {
            Protocol = protocol,
            Tls = options.Tls,
            Authority = options.Authority,
            KeepAlivePingDelay = options.Pool.KeepAlivePingDelay,
            KeepAlivePingTimeout = options.Pool.KeepAlivePingTimeout,
            KeepAliveWithoutCalls = options.Pool.KeepAliveWithoutCalls,
        });

    private static List<UpstreamAddress> Addresses(EndpointOptions options) =>
        [.. options.Addresses.Select(text => UpstreamAddress.TryParse(text, out var address) ? address : throw new InvalidOperationException($"{text} is no address."))];
}
