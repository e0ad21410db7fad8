using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using OrleansPool.Testing.Http1;

namespace OrleansPool.Gateway.Tests.Hosting;

/// <summary>A configuration file that is edited while the host runs. That it was is told here by the test, not by the framework's watch.</summary>
public sealed class ConfigurationFilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("orleanspool").FullName;

    private readonly ErrorLog _log = new();

    private string FilePath => Path.Combine(_directory, "pool.json");

    public void Dispose()
    {
        _log.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task File_ThatIsNoJsonForAWhile_ChangesNothing_AndHoldsOnceItIsMended()
    {
        await using var upstream = Http1Upstream.Start();
        IConfigurationRoot configuration = null!;
        await File.WriteAllTextAsync(FilePath, Settings(upstream, max: 30));
        await using var host = await GatewayHost.StartAsync(builder =>
        {
            builder.Configuration.AddJsonFile(FilePath);
            configuration = builder.Configuration;
            builder.Logging.AddProvider(_log);
        });
        using var client = Callers.Http1(host.Address);
        await File.WriteAllTextAsync(FilePath, Settings(upstream, max: 20)[..^3]);
        configuration.Reload();
        await Eventually.HoldsAsync(() => _log.Errors.Any(error => error.Contains("pool.json = \"(unreadable)\": JSON is expected", StringComparison.Ordinal)), "the broken file to be told");
        Assert.Equal(30, await CapAsync(client));
        await File.WriteAllTextAsync(FilePath, Settings(upstream, max: 20));
        configuration.Reload();
        await Eventually.HoldsAsync(async () => await CapAsync(client) == 20, "the mended file to hold");
    }

    private static string Settings(Http1Upstream upstream, int max) => JsonSerializer.Serialize(new
    {
        OrleansPool = new { Endpoints = new { billing = new { Protocol = "http1", Addresses = new[] { upstream.Address }, Pool = new { Max = max } } } },
    });

    private static async Task<int> CapAsync(HttpClient client) => (await client.GetFromJsonAsync<JsonElement>("/admin/budget/billing")).GetProperty("cap").GetInt32();

    private sealed class ErrorLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Errors { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Errors.Enqueue(formatter(state, exception));

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Dispose()
        {
        }
    }
}
