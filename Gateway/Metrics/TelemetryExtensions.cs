using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Hosting;
using OrleansPool.Gateway.Hosting;

namespace OrleansPool.Gateway.Metrics;

/// <summary>Collects what the process measures: for whoever scrapes it, and for the collector that the options name.</summary>
internal static class TelemetryExtensions
{
    private const string ServiceName = "orleanspool";

    private const string PerRequest = "kestrel.queued_requests";

    // The collector sets memory aside for so many: what an endpoint's reasons, codes and directions come to at most, and 64 addresses in three states each.
    private const int SeriesOfAnEndpoint = 32;
    private const int SeriesOfItsAddresses = 192;
    private const int SeriesOfOtherMeters = 500;

    // With these a call costs nothing more, but for one of Kestrel's, which is left out.
    private static readonly string[] _usualMeters = ["System.Runtime", "Microsoft.AspNetCore.Server.Kestrel"];

    public static IServiceCollection AddTelemetry(this IServiceCollection services, GatewayOptions options)
    {
        services.AddSingleton<ScrapeExporter>();
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(static resource => resource.Clear().AddService(ServiceName, serviceVersion: Version, serviceInstanceId: $"{Environment.MachineName}:{Environment.ProcessId}"));
        if (options.Metrics) telemetry.WithMetrics(metrics => Configure(metrics, options));
        if (options.Otlp is { Endpoint: { } collector, Traces: true }) telemetry.WithTracing(traces => Configure(traces, new Uri(collector), options.Otlp));
        return services;
    }

    private static string? Version => typeof(PoolMeter).Assembly.GetName().Version?.ToString(3);

    private static void Configure(MeterProviderBuilder metrics, GatewayOptions options)
    {
        metrics.AddMeter([PoolMeter.Name, .. options.Meters is [] ? _usualMeters : options.Meters])
            .SetExemplarFilter(ExemplarFilterType.TraceBased)
            .AddReader(static services => new BaseExportingMetricReader(services.GetRequiredService<ScrapeExporter>()));
        ((IDeferredMeterProviderBuilder)metrics).Configure(static (services, provider) =>
        {
            var (endpoints, own) = (services.GetRequiredService<OrleansPoolOptions>().Endpoints.Count, services.GetService<IMeterFactory>());
            provider.AddView(instrument => instrument.Name is PerRequest || IsOfAnotherHost(instrument.Meter, own)
                ? MetricStreamConfiguration.Drop
                : new MetricStreamConfiguration { CardinalityLimit = SeriesOf(instrument, endpoints) });
        });
        if (options.Otlp.Endpoint is { } endpoint) metrics.AddOtlpExporter((exporter, reader) => Configure(exporter, reader, new Uri(endpoint), options.Otlp));
    }

    // Meters are found by name in the whole process; those of a host are told by the factory that made them.
    private static bool IsOfAnotherHost(Meter meter, IMeterFactory? own) => meter.Scope is IMeterFactory maker && maker != own;

    private static int SeriesOf(Instrument instrument, int endpoints)
    {
        if (instrument.Meter.Name is not PoolMeter.Name) return SeriesOfOtherMeters;
        var isOfAddresses = instrument.Name is "orleanspool.upstream.health" or "orleanspool.circuit.state";
        return 1 + (endpoints * (isOfAddresses ? SeriesOfItsAddresses : SeriesOfAnEndpoint));
    }

    private static void Configure(OtlpExporterOptions exporter, MetricReaderOptions reader, Uri endpoint, OtlpOptions options)
    {
        reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.Period.TotalMilliseconds;
        Configure(exporter, endpoint, options, "/v1/metrics");
    }

    // A caller's decision holds for all that follows from its call: half a trace explains nothing.
    private static void Configure(TracerProviderBuilder traces, Uri endpoint, OtlpOptions options) => traces
        .AddSource(PoolTraces.Name)
        .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TraceRatio)))
        .AddOtlpExporter(exporter => Configure(exporter, endpoint, options, "/v1/traces"));

    private static void Configure(OtlpExporterOptions exporter, Uri endpoint, OtlpOptions options, string path)
    {
        var isGrpc = options.Protocol == OtlpProtocol.Grpc;
        exporter.Protocol = isGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = isGrpc ? endpoint : new Uri(endpoint, path);
    }
}
