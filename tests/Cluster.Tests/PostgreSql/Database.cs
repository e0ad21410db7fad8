using OrleansPool.Bench.Processes;

namespace OrleansPool.Cluster.Tests.PostgreSql;

/// <summary>One PostgreSQL for all tests that need it, set up as an operator does it; each test has a cluster name of its own.</summary>
public sealed class Database : IAsyncLifetime
{
    private PostgreSqlServer? _server;

    internal static string Schema => Repository.File("deploy/postgresql/schema.sql");

    /// <summary>Skips the test where PostgreSQL is not installed.</summary>
    internal PostgreSqlServer Server
    {
        get
        {
            RequiredTool.Require(PostgreSqlServer.IsInstalled, PostgreSqlServer.Package);
            return _server!;
        }
    }

    public async Task InitializeAsync() => _server = PostgreSqlServer.IsInstalled ? await PostgreSqlServer.StartAsync(Schema) : null;

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}

/// <summary>Tests that share the database.</summary>
[CollectionDefinition(Name)]
public sealed class DatabaseGroup : ICollectionFixture<Database>
{
    public const string Name = "PostgreSQL";
}
