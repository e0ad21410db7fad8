using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Hosting;

namespace OrleansPool.Architecture.Tests.Docs;

/// <summary>docs/metrics.md lists what a host measures, each with its kind and unit.</summary>
public class MetricsDocumentTests
{
    private static readonly IEnumerable<string[]> _rows = new MarkdownFile("docs/metrics.md").Rows.Where(row => row.Heading == "What is measured").Select(row => row.Cells);

    [Fact]
    public async Task Instruments_AreAllThere_AndNoOther_WithKindAndUnit()
    {
        var measured = new SortedSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => Note(instrument, measured) };
        listener.Start();
        await using var services = new ServiceCollection().AddLogging().AddOrleansPool(StartOptions.Minimal("grpc")).BuildServiceProvider();
        foreach (var service in services.GetServices<IHostedService>().Where(service => service.GetType().Name == "MetricsRegistration")) await service.StartAsync(default);
        _ = services.GetRequiredService<EndpointShares>();
        Assert.NotEmpty(measured);
        Assert.Equal(measured, _rows.Select(cells => $"{cells[0].Trim('`')} | {cells[1]} | {cells[2].Trim('`')}").Order(StringComparer.Ordinal));
    }

    private static void Note(Instrument instrument, SortedSet<string> measured)
    {
        if (instrument.Meter.Name != PoolMeter.Name) return;
        var kind = instrument.GetType().Name.Split('`')[0] switch
        {
            "ObservableUpDownCounter" or "UpDownCounter" => "up-down",
            "ObservableCounter" or "Counter" => "counter",
            "ObservableGauge" => "gauge",
            "Histogram" => "histogram",
            var other => other,
        };
        lock (measured) measured.Add($"{instrument.Name} | {kind} | {instrument.Unit}");
    }
}
