using System.Net;
using OrleansPool.Core.Hosting;

namespace OrleansPool.Silo;

/// <summary>The silo's place in the cluster, as the operator wrote it under <c>OrleansPool:Cluster</c>. Localhost clustering: all silos on one machine.</summary>
public sealed class ClusterOptions
{
    private const string Section = $"{OrleansPoolOptions.Section}:Cluster";

    /// <summary>Port for the other silos. 1 to 65535, default 11111.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>Port for cluster clients. 1 to 65535, default 30000.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>Silo port of the silo that holds the membership, on this machine. Default: this silo is that silo.</summary>
    public int? PrimarySiloPort { get; set; }

    /// <summary>Name of the cluster; silos and clients with another name do not talk to it. Default "orleanspool".</summary>
    public string ClusterId { get; set; } = "orleanspool";

    internal IPEndPoint? Primary => PrimarySiloPort is { } port ? new IPEndPoint(IPAddress.Loopback, port) : null;

    /// <summary>Reads and checks the section; what is wrong with it is added to <paramref name="errors"/>.</summary>
    public static ClusterOptions Read(IConfiguration configuration, ConfigErrors errors)
    {
        var options = new ClusterOptions();
        StrictBinder.Bind(configuration.GetSection(Section), options, Section, errors);
        errors.Range($"{Section}:SiloPort", options.SiloPort, 1, 65535);
        errors.Range($"{Section}:GatewayPort", options.GatewayPort, 1, 65535);
        if (options.PrimarySiloPort is { } primary) errors.Range($"{Section}:PrimarySiloPort", primary, 1, 65535);
        if (options.ClusterId.Length == 0) errors.Add($"{Section}:ClusterId", options.ClusterId, "a name is expected");
        return options;
    }
}
