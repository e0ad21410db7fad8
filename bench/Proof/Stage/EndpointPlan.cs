using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OrleansPool.Bench.Proof.Stage;

/// <summary>An endpoint of the proof, its cap, and its load.</summary>
/// <param name="Name">As callers know it.</param>
/// <param name="Protocol">As the configuration has it.</param>
/// <param name="Serving">The same for the upstream.</param>
/// <param name="Cap">Connections at most, over all silos.</param>
/// <param name="CallsPerChannel">Calls at once on one of them.</param>
/// <param name="Rate">Calls per second.</param>
/// <param name="IsRouted">Whether callers come by way of the cluster, not the ingress.</param>
internal sealed record EndpointPlan(string Name, string Protocol, HttpProtocols Serving, int Cap, int CallsPerChannel, double Rate, bool IsRouted = false)
{
    /// <summary>HTTP/1.1, where each call in flight takes a connection: half of the cap is busy on average.</summary>
    public static readonly EndpointPlan Web = new("web", "http1", HttpProtocols.Http1, Cap: 30, CallsPerChannel: 1, Rate: 150);

    /// <summary>HTTP/2, a few calls to a connection, by way of the cluster.</summary>
    public static readonly EndpointPlan Rpc = new("rpc", "http2", HttpProtocols.Http2, Cap: 8, CallsPerChannel: 4, Rate: 150, IsRouted: true);

    /// <summary>HTTP/1.1 with so few connections that they are dealt to one or two silos, and the others forward to those.</summary>
    public static readonly EndpointPlan Few = new("few", "http1", HttpProtocols.Http1, Cap: 10, CallsPerChannel: 1, Rate: 50);

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<EndpointPlan> All = [Web, Rpc, Few];
}
