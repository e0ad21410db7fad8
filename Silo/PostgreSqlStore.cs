using Npgsql;
using OrleansPool.Core.Hosting;

namespace OrleansPool.Silo;

/// <summary>The cluster's database. Its source of connections shows its connection string without the password, so nobody who logs it can tell.</summary>
internal static class PostgreSqlStore
{
    /// <summary>Its name among ADO.NET's providers, as Orleans asks for it.</summary>
    public const string Invariant = "Npgsql";

    private const string SetUp = "psql -v ON_ERROR_STOP=1 -1 -f deploy/postgresql/schema.sql";
    private const string Section = $"{OrleansPoolOptions.Section}:Cluster:ConnectionString";

    // The version of deploy/postgresql/schema.sql that this build was made with.
    private const string SchemaVersion = "1";

    // A silo's lease on the store lasts 6 s and is renewed every 2 s: an answer that takes longer is of no use. Npgsql would wait 15 s and 30 s.
    private const int PatienceSeconds = 2;

    /// <summary>Opens it, and sees that it can be reached and is set up.</summary>
    /// <exception cref="InvalidConfigurationException">It is not; the message says what to do.</exception>
    public static async Task<NpgsqlDataSource> OpenAsync(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (!settings.ContainsKey("Timeout")) settings.Timeout = PatienceSeconds;
        if (!settings.ContainsKey("Command Timeout")) settings.CommandTimeout = PatienceSeconds;
        var source = NpgsqlDataSource.Create(settings);
        if (await WhyUnusableAsync(source) is not { } reason) return source;
        await source.DisposeAsync();
        throw new InvalidConfigurationException([$"{Section} (host {settings.Host}, database {settings.Database ?? settings.Username}): {reason}."]);
    }

    private static async Task<string?> WhyUnusableAsync(NpgsqlDataSource source)
    {
        try
        {
            await using var command = source.CreateCommand("SELECT QueryText FROM OrleansQuery WHERE QueryKey = 'SchemaVersion'");
            var version = await command.ExecuteScalarAsync() as string;
            return string.Equals(version, SchemaVersion, StringComparison.Ordinal)
                ? null
                : $"the database has version {version ?? "0"} of the tables, this silo needs {SchemaVersion}; run {SetUp} of the newest silo's version";
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable)
        {
            return $"the database is not set up; run {SetUp}";
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return $"{e.Message.TrimEnd('.')}; see that PostgreSQL is up and takes this user and password from here";
        }
    }
}
