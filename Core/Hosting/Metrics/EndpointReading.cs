using System.Diagnostics.Metrics;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Hosting.Metrics;

/// <summary>An endpoint at one instant, as measurements.</summary>
internal sealed class EndpointReading(Endpoint endpoint)
{
    public string Name { get; } = endpoint.Name;

    public PoolSnapshot Pool { get; } = endpoint.Snapshot();

    public CallTotals Calls { get; } = endpoint.Calls;

    public JsonRpcTotals? JsonRpc { get; } = endpoint.JsonRpc;

    public string Protocol { get; } = endpoint.Protocol.ToString().ToLowerInvariant();

    public bool IsMultiplexed { get; } = endpoint.Protocol.IsMultiplexed();

    /// <summary>One value of it; with the attributes besides its name.</summary>
    public Measurement<T> Of<T>(T value, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
        where T : struct => new(value, [new(MetricTags.Pool, Name), .. tags]);
}
