namespace OrleansPool.Core.Hosting;

/// <summary>The section <c>OrleansPool</c> of the configuration, as far as the engine reads it.</summary>
public sealed class OrleansPoolOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "OrleansPool";

    /// <summary>Parts of the section that other projects read: the ingress and the cluster.</summary>
    internal static readonly string[] OtherParts = ["Gateway", "Cluster"];

    /// <summary>Endpoints by name: 1 to 63 of a-z, 0-9 and '-', as in a host name. Default: none.</summary>
    public IDictionary<string, EndpointOptions> Endpoints { get; set; } = new Dictionary<string, EndpointOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The times of the lease protocol, where an endpoint does not say otherwise.</summary>
    public BudgetOptions Budget { get; set; } = new();

    /// <summary>How long calls in flight may finish when the host shuts down. 0 to 1 h, default 25 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(25);
}
