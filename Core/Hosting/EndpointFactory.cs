using Microsoft.Extensions.Logging;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Transports;
using OrleansPool.Core.Transports.Http;

namespace OrleansPool.Core.Hosting;

/// <summary>Puts an endpoint together from its options, which have been checked.</summary>
internal sealed class EndpointFactory(IAddressResolver resolver, TimeProvider time, ILoggerFactory loggers, IForwarding? forwarding = null)
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
        var settings = new PoolSettings(name, protocol.IsMultiplexed(), options.CallsPerChannel, options.Pool, options.Queue)
        {
            LetsWait = options.Degradation.Mode == DegradationMode.Wait,
        };
        var pool = new ChannelPool(settings, NewTransport(protocol, options), new ShareLimiter(0, time.MonotonicNow()), new PoolTotals(), time, logger);
        var pipeline = new CallPipeline(pool, CallSemantics.Of(protocol), options.Limits, options.Retry, time, forwarding);
        return new Endpoint(name, protocol, pipeline, new AddressWatch(name, Addresses(options), resolver, pool, options.Pool.DnsRefresh, time, logger));
    }

    private static HttpTransport NewTransport(Protocol protocol, EndpointOptions options) => new(new HttpTransportSettings
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
