using System.Diagnostics;

namespace OrleansPool.Bench.Processes;

/// <summary>
/// A PostgreSQL of our own, in a folder that is gone at the end, set up as deploy/postgresql/README.md says. It can be stopped and started again. The
/// server refuses to run as root: then it runs as the user postgres, whom Debian's package made.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    /// <summary>Debian's package that has it.</summary>
    public const string Package = "postgresql";

    /// <summary>Password of the only user, for those who look whether anybody tells it.</summary>
    public const string Password = "pg-secret-7b1f";

    private const string Name = "orleanspool";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly string _programs;
    private readonly int _port = FreePort.Next();
    private ChildProcess? _server;

    private PostgreSqlServer(string programs, string folder) => (_programs, _folder) = (programs, folder);

    /// <summary>True where its programs are installed.</summary>
    public static bool IsInstalled => FindPrograms() is not null;

    /// <summary>As a silo takes it.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Database={Name};Username={Name};Password={Password}";

    private string DataFolder => Path.Combine(_folder, "data");

    /// <summary>Makes a database in a new folder, starts the server, and sets the database up.</summary>
    /// <param name="schema">Path of deploy/postgresql/schema.sql; null for an empty database.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="BenchFailedException">It is not installed, or does not come up.</exception>
    public static async Task<PostgreSqlServer> StartAsync(string? schema, CancellationToken cancellation = default)
    {
        var programs = FindPrograms() ?? throw new BenchFailedException($"PostgreSQL's initdb is not installed; apt-get install {Package}");
        var folder = (await RunAsync(AsUser("mktemp", "-d", "-t", "orleanspool-pg-XXXXXX"), cancellation)).Trim();
        var server = new PostgreSqlServer(programs, folder);
        try
        {
            await server.InitializeAsync(cancellation);
            await server.StartAsync(cancellation);
            await server.Psql("postgres", cancellation, "-c", $"CREATE DATABASE {Name}");
            if (schema is not null) await server.SetUpAsync(schema, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the documented command.</summary>
    public Task SetUpAsync(string schema, CancellationToken cancellation = default) => Psql(Name, cancellation, "-1", "-f", schema);

    /// <summary>Starts the server on its data, and waits until it takes connections.</summary>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        // No socket in the file system, and no wait for the disk: these data outlive no power cut anyway.
        _server = ChildProcess.Start("PostgreSQL", AsUser(Path.Combine(_programs, "postgres"), "-D", DataFolder, "-h", "127.0.0.1", "-p", $"{_port}", "-k", "", "-F"), answers: false);
        await _server.AwaitReadyAsync(IsReadyAsync, _patience, cancellation);
    }

    /// <summary>Stops the server; open connections are cut.</summary>
    public async Task StopAsync()
    {
        if (_server is null) return;

        // SIGINT is PostgreSQL's fast shutdown: it ends its own children, and leaves the data clean.
        await _server.SignalAsync("INT");
        await _server.EndAsync(_patience);
        await _server.DisposeAsync();
        _server = null;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string? FindPrograms() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Max(StringComparer.Ordinal)
        : null;

    // The password goes by a file: a program's arguments are everybody's to read.
    private Task<string> InitializeAsync(CancellationToken cancellation)
    {
        const string Script = """printf %s "$2" >"$1.password" && exec "$0" -D "$1" -U "$3" -A scram-sha-256 --pwfile="$1.password" -E UTF8 --no-sync""";
        return RunAsync(AsUser("sh", "-c", Script, Path.Combine(_programs, "initdb"), DataFolder, Password, Name), cancellation);
    }

    private async Task<bool> IsReadyAsync()
    {
        using var asked = Process.Start(Quiet(new ProcessStartInfo(Path.Combine(_programs, "pg_isready"), ["-q", "-h", "127.0.0.1", "-p", $"{_port}"])))!;
        await asked.WaitForExitAsync();
        return asked.ExitCode == 0;
    }

    private Task<string> Psql(string database, CancellationToken cancellation, params string[] arguments) =>
        RunAsync(new ProcessStartInfo("psql", ["-v", "ON_ERROR_STOP=1", "-q", .. arguments])
        {
            Environment = { ["PGHOST"] = "127.0.0.1", ["PGPORT"] = $"{_port}", ["PGUSER"] = Name, ["PGPASSWORD"] = Password, ["PGDATABASE"] = database },
        }, cancellation);

    private static async Task<string> RunAsync(ProcessStartInfo start, CancellationToken cancellation)
    {
        using var process = Process.Start(Quiet(start))!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 ? said[0] : throw new BenchFailedException($"{start.FileName} ended with exit code {process.ExitCode}: {said[1]}");
    }

    private static ProcessStartInfo Quiet(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        return start;
    }

    // setpriv becomes the program it starts, so signals reach that; and a folder that everybody may enter, as the user may not enter ours.
    private static ProcessStartInfo AsUser(string program, params string[] arguments) => string.Equals(Environment.UserName, "root", StringComparison.Ordinal)
        ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments]) { WorkingDirectory = "/" }
        : new ProcessStartInfo(program, arguments) { WorkingDirectory = "/" };
}
