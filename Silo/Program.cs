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
    builder.Services.AddSingleton<IConfigurationCheck, ClusterCheck>();
    await using var database = cluster.Clustering == Clustering.PostgreSQL ? await PostgreSqlStore.OpenAsync(cluster.ConnectionString!) : null;
    builder.Services.AddListeningPorts(cluster);
    builder.Services.AddServedCertificate("cluster", cluster.TlsCertificateFile);
    builder.Host.UseOrleans(silo => silo.JoinCluster(cluster, database).AddOrleansPoolGrains());
    return await builder.Build().UseOrleansPoolGateway().RunOrleansPoolAsync();
}
catch (InvalidConfigurationException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
