using System.Net;
using Npgsql;

namespace OrleansPool.Silo;

/// <summary>Joins a silo to its cluster.</summary>
internal static class ClusterExtensions
{
    /// <summary>Membership and budget state where the options say: in the database if there is one, else in the memory of the silos.</summary>
    public static ISiloBuilder JoinCluster(this ISiloBuilder silo, ClusterOptions cluster, NpgsqlDataSource? database) =>
        database is null ? silo.JoinOnLocalhost(cluster) : silo.JoinByPostgreSql(cluster, database);

    private static ISiloBuilder JoinOnLocalhost(this ISiloBuilder silo, ClusterOptions cluster) =>
        silo.UseLocalhostClustering(cluster.SiloPort, cluster.GatewayPort, cluster.Primary, serviceId: cluster.ClusterId, clusterId: cluster.ClusterId);

    private static ISiloBuilder JoinByPostgreSql(this ISiloBuilder silo, ClusterOptions cluster, NpgsqlDataSource database)
    {
        if (cluster.Address is { } address) silo.ConfigureEndpoints(IPAddress.Parse(address), cluster.SiloPort, cluster.GatewayPort);
        else silo.ConfigureEndpoints(cluster.SiloPort, cluster.GatewayPort);
        return silo
            .Configure<Orleans.Configuration.ClusterOptions>(names => (names.ClusterId, names.ServiceId) = (cluster.ClusterId, cluster.ClusterId))
            .UseAdoNetClustering(table => (table.Invariant, table.DataSource) = (PostgreSqlStore.Invariant, database))
            .AddAdoNetGrainStorage("budget", rows => (rows.Invariant, rows.DataSource) = (PostgreSqlStore.Invariant, database));
    }
}
