using System.Net;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using OrleansPool.Gateway.Listening;
using OrleansPool.Wire;

namespace OrleansPool.Silo;

/// <summary>Joins a silo to its cluster.</summary>
internal static class ClusterExtensions
{
    // Whoever has a budget is to be replaced within 10 s of its death, and its successor waits out a store lease of 6 s first. With Orleans' own 5 s a
    // killed silo was declared dead after 7 s, with 1 s after less than 2 s; one that stands still, sockets open, after 12 s instead of 60.
    private static readonly TimeSpan _probeTimeout = TimeSpan.FromSeconds(1);

    // A silo that was declared dead while it stood still is told by nobody: it finds out here, and must not serve on for Orleans' own minute.
    private static readonly TimeSpan _tableRefresh = TimeSpan.FromSeconds(5);

    /// <summary>Membership and budget state where the options say: in the database if there is one, else in the memory of the silos.</summary>
    public static ISiloBuilder JoinCluster(this ISiloBuilder silo, ClusterOptions cluster, NpgsqlDataSource? database) =>
        (database is null ? silo.JoinOnLocalhost(cluster) : silo.JoinByPostgreSql(cluster, database))
            .Secure(cluster.Certificates)
            .Configure<ClusterMembershipOptions>(membership => (membership.ProbeTimeout, membership.TableRefreshTimeout) = (_probeTimeout, _tableRefresh))

            // Orleans' directory would keep a dead silo's grains from being activated for 30 s less the time of detection, lest there be two of one: with
            // these probe times 18 s. Two of one are what the budget's own leases are for, and no other grain of the pool minds.
            .Configure<GrainDirectoryOptions>(static directory => directory.RangeLeaseDuration = TimeSpan.Zero);

    /// <summary>Has the silo's ports looked at before it starts.</summary>
    public static IServiceCollection AddListeningPorts(this IServiceCollection services, ClusterOptions cluster) => services
        .AddSingleton(provider => NewPort(provider, nameof(ClusterOptions.SiloPort), cluster.SiloPort))
        .AddSingleton(provider => NewPort(provider, nameof(ClusterOptions.GatewayPort), cluster.GatewayPort));

    // The address is Orleans' to find where none is configured.
    private static ListeningPort NewPort(IServiceProvider provider, string option, int port)
    {
        var address = provider.GetRequiredService<IOptions<EndpointOptions>>().Value.AdvertisedIPAddress;
        return new ListeningPort($"{ClusterOptions.Section}:{option}", port, $"{ClusterOptions.Section}:{nameof(ClusterOptions.Address)}", new IPEndPoint(address, port));
    }

    private static ISiloBuilder Secure(this ISiloBuilder silo, ClusterCertificates? certificates) =>
        certificates is null ? silo : silo.UseTls(tls => ClusterTls.Apply(tls, certificates));

    // In one grain, which the first silo's lease calls into life before there is another silo: the rows end with the membership, never before it.
    private static ISiloBuilder JoinOnLocalhost(this ISiloBuilder silo, ClusterOptions cluster) =>
        silo.UseLocalhostClustering(cluster.SiloPort, cluster.GatewayPort, cluster.Primary, serviceId: cluster.ClusterId, clusterId: cluster.ClusterId)
            .AddMemoryGrainStorage("budget", rows => rows.NumStorageGrains = 1);

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
