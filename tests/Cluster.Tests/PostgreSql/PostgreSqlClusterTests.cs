using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orleans.Configuration;
using OrleansPool.Bench.Processes;
using OrleansPool.Client.Hosting;
using OrleansPool.Cluster.Tests.Processes;
using OrleansPool.Cluster.Tests.Protos;
using OrleansPool.Cluster.Tests.Routed;
using OrleansPool.Cluster.Tests.Upstream;

namespace OrleansPool.Cluster.Tests.PostgreSql;

/// <summary>The silo's executable with its membership in PostgreSQL.</summary>
[Collection(DatabaseGroup.Name)]
public sealed class PostgreSqlClusterTests(Database database)
{
    private readonly string _cluster = $"silos-{Guid.NewGuid():N}";

    [SkippableFact]
    public async Task Silos_WithOneDatabase_FormAClusterThatOutlivesItsFirst()
    {
        var server = database.Server;
        await using var upstream = await InteropUpstream.StartAsync("the upstream");
        await using var first = await SiloProcess.StartAsync(_cluster, upstream.Grpc, server.ConnectionString);
        await using var second = await SiloProcess.StartAsync(_cluster, upstream.Grpc, server.ConnectionString);
        using var client = await ConnectAsync(server.ConnectionString);
        await CallAsync(client);

        // Without a primary: the membership is not in any silo.
        await first.KillAsync();
        await Eventually.HoldsAsync(() => IsServedAsync(client), "calls by way of the silo that is left");
        Assert.DoesNotContain(PostgreSqlServer.Password, first.Words + second.Words, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", first.Words, StringComparison.Ordinal);
        await client.StopAsync();
    }

    [SkippableFact]
    public async Task Start_WithAWrongPassword_SaysWhatToDoAndNotThePassword()
    {
        var wrong = database.Server.ConnectionString.Replace(PostgreSqlServer.Password, "wrong-93c", StringComparison.Ordinal);
        var words = await SiloProcess.RefusalAsync(new() { ["Clustering"] = "PostgreSQL", ["ConnectionString"] = wrong, ["Address"] = "127.0.0.1" });
        Assert.Contains("OrleansPool:Cluster:ConnectionString", words, StringComparison.Ordinal);
        Assert.Contains("see that PostgreSQL is up and takes this user and password", words, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-93c", words, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Start_OnADatabaseThatIsNotSetUp_NamesTheCommand()
    {
        RequiredTool.Require(PostgreSqlServer.IsInstalled, PostgreSqlServer.Package);
        await using var empty = await PostgreSqlServer.StartAsync(schema: null);
        Dictionary<string, string> cluster = new() { ["Clustering"] = "PostgreSQL", ["ConnectionString"] = empty.ConnectionString, ["Address"] = "127.0.0.1" };
        var words = await SiloProcess.RefusalAsync(cluster);
        Assert.Contains("is not set up; run psql -v ON_ERROR_STOP=1 -1 -f deploy/postgresql/schema.sql", words, StringComparison.Ordinal);

        // The command can be repeated, and what it did not bring is told.
        await empty.SetUpAsync(Database.Schema);
        await empty.SetUpAsync(Database.Schema);
        await using var source = NpgsqlDataSource.Create(empty.ConnectionString);
        await using (var update = source.CreateCommand("UPDATE OrleansQuery SET QueryText = '9' WHERE QueryKey = 'SchemaVersion'")) await update.ExecuteNonQueryAsync();
        Assert.Contains("the database has version 9 of the tables, this silo needs 1", await SiloProcess.RefusalAsync(cluster), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Start_OnAnAddressOfAnotherMachine_NamesTheOption()
    {
        // From the range for documentation (RFC 5737), which no machine has.
        var words = await SiloProcess.RefusalAsync(new() { ["Clustering"] = "PostgreSQL", ["ConnectionString"] = database.Server.ConnectionString, ["Address"] = "192.0.2.1" });
        Assert.Contains("OrleansPool:Cluster:Address = \"192.0.2.1\": this machine has no such address", words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Clustering=PostgreSQL", "OrleansPool:Cluster:ConnectionString = (nothing): Clustering = PostgreSQL needs it")]
    [InlineData("Clustering=PostgreSQL|ConnectionString=postgres://me:secret@db/x", "ConnectionString = \"(not shown)\": it cannot be read")]
    [InlineData("Clustering=PostgreSQL|ConnectionString=Host=db;Password=secret;Port=x", "ConnectionString = \"(not shown)\": it cannot be read")]
    [InlineData("Clustering=PostgreSQL|ConnectionString=Host=db|PrimarySiloPort=11111", "PrimarySiloPort = 11111: with Clustering = PostgreSQL the database holds the membership")]
    [InlineData("Clustering=PostgreSQL|ConnectionString=Host=db|Address=0.0.0.0", "Address = \"0.0.0.0\": an IP address of this machine is expected")]
    [InlineData("Clustering=PostgreSQL|ConnectionString=Host=db|Address=db:5", "Address = \"db:5\": an IP address of this machine is expected")]
    [InlineData("ConnectionString=Host=db;Password=secret", "ConnectionString = \"(not shown)\": it needs OrleansPool:Cluster:Clustering = PostgreSQL")]
    [InlineData("Address=127.0.0.1", "Address = \"127.0.0.1\": with Clustering = Localhost it is 127.0.0.1; leave it out")]
    [InlineData("Clustering=Redis", "Clustering = \"Redis\": one of localhost, postgresql is expected")]
    [InlineData("ConectionString=Host=db;Password=secret", "ConectionString = \"...\": no such key")]
    public async Task Start_WithAMistake_NamesKeyAndWhatIsAllowedAndNoSecret(string settings, string expected)
    {
        var words = await SiloProcess.RefusalAsync(settings.Split('|').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]));
        Assert.Contains(expected, words, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", words, StringComparison.Ordinal);
    }

    private async Task<IHost> ConnectAsync(string connectionString)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client => client
            .Configure<ClusterOptions>(names => (names.ClusterId, names.ServiceId) = (_cluster, _cluster))
            .UseAdoNetClustering(table => (table.Invariant, table.ConnectionString) = ("Npgsql", connectionString)));
        builder.Services.AddOrleansPoolClient();
        var host = builder.Build();
        await host.StartAsync().InTime("the client to connect");
        return host;
    }

    private static async Task CallAsync(IHost client)
    {
        using var channel = OrleansPoolGrpcChannel.For(client.Services.GetRequiredService<IClusterClient>(), "interop");
        await new Interop.InteropClient(channel).EmptyAsync(new Nothing()).RepliesAsync();
    }

    private static async Task<bool> IsServedAsync(IHost client)
    {
        try
        {
            await CallAsync(client);
            return true;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }
}
