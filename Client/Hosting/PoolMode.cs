namespace OrleansPool.Client.Hosting;

/// <summary>By which way a process calls endpoints.</summary>
public enum PoolMode
{
    /// <summary>Through a silo of the cluster: one hop, and the silo's connections.</summary>
    Routed,

    /// <summary>
    /// Over connections of its own, under the cluster's cap and limit, of which it leases a share; through the cluster while it has none. For endpoints that its
    /// own configuration names.
    /// </summary>
    Local,
}
