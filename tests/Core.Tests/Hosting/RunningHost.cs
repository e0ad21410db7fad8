using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Hosting.Metrics;
using OrleansPool.Core.Operations;
using OrleansPool.Core.Pooling;

namespace OrleansPool.Core.Tests.Hosting;

/// <summary>A host's engine with one endpoint, <c>billing</c>, whose configuration the test changes; and what it wrote to the log.</summary>
internal sealed class RunningHost : ILoggerProvider, ILogger
{
    private readonly IConfigurationRoot _configuration;
    private readonly ServiceProvider _services;

    public RunningHost(params string[] settings)
    {
        string[] sound = [$"{Configured.Billing}:Protocol=http1", $"{Configured.Billing}:Addresses:0=10.0.0.1:80"];
        _configuration = new ConfigurationBuilder().AddInMemoryCollection(sound.Concat(settings.Select(s => $"{Configured.Billing}:{s}")).Select(s => s.Split('=', 2)).ToDictionary(s => s[0], string? (s) => s[1])).Build();
        _services = new ServiceCollection().AddOrleansPool(_configuration).AddOrleansPoolReports().AddLogging(logging => logging.AddProvider(this)).AddSingleton<TimeProvider>(Clock).BuildServiceProvider();
        Reload = _services.GetRequiredService<ConfigurationReload>();
    }

    public ConfigurationReload Reload { get; }

    public ManualTimeProvider Clock { get; } = new();

    public PoolMeter Meter => _services.GetRequiredService<PoolMeter>();

    public ConcurrentQueue<(LogLevel Level, string Text)> Entries { get; } = new();

    public PoolSnapshot Pool => _services.GetRequiredService<EndpointDirectory>().All[0].Snapshot();

    public HostReport Report(ReportQuery query) => _services.GetRequiredService<HostReporter>().Report(query);

    public async Task<BudgetView> BudgetAsync() => (await _services.GetRequiredService<IBudget>().ViewAsync("billing", CancellationToken.None))!;

    /// <summary>Begins to measure, as at the start.</summary>
    public Task MeasureAsync() => _services.GetServices<IHostedService>().OfType<MetricsRegistration>().Single().StartAsync(CancellationToken.None);

    /// <summary>Another holder reports to the endpoint's budget.</summary>
    public async Task JoinAsync(string holder) =>
        Assert.NotNull(await _services.GetRequiredService<IBudget>().RenewAsync("billing", new RenewRequest { Holder = holder, Generation = 1, Number = 1 }, CancellationToken.None));

    /// <summary>These keys of the endpoint are changed, and the host looks at its configuration.</summary>
    public Task ChangeAsync(params string[] settings)
    {
        Write(settings);
        return Reload.ApplyAsync(CancellationToken.None);
    }

    /// <summary>The same by way of the configuration's own word that it has changed.</summary>
    public void ChangeAndTell(params string[] settings)
    {
        Write(settings);
        _configuration.Reload();
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Entries.Enqueue((logLevel, formatter(state, exception)));

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose()
    {
    }

    private void Write(string[] settings)
    {
        foreach (var setting in settings) _configuration[$"{Configured.Billing}:{setting.Split('=')[0]}"] = setting.Split('=', 2)[1];
    }
}
