using OrleansPool.Core.Hosting;
using OrleansPool.Gateway.Hosting;
using OrleansPool.Grains;
using OrleansPool.Silo;

var builder = WebApplication.CreateSlimBuilder(args);
try
{
    var errors = new ConfigErrors();
    var cluster = ClusterOptions.Read(builder.Configuration, errors);
    builder.AddOrleansPoolGateway(errors);
    builder.Host.UseOrleans(silo => silo
        .UseLocalhostClustering(cluster.SiloPort, cluster.GatewayPort, cluster.Primary, serviceId: cluster.ClusterId, clusterId: cluster.ClusterId)
        .AddOrleansPoolGrains());
}
catch (InvalidConfigurationException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

return await builder.Build().UseOrleansPoolGateway().RunOrleansPoolAsync();
