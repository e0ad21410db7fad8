using OrleansPool.Core.Hosting;

namespace OrleansPool.Silo;

/// <summary>Checks <c>OrleansPool:Cluster</c> when the configuration has changed. Thread-safe.</summary>
internal sealed class ClusterCheck : IConfigurationCheck
{
    public void Check(IConfiguration configuration, ConfigErrors errors) => ClusterOptions.Read(configuration, errors);
}
