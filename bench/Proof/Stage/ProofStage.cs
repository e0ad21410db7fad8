using Microsoft.Extensions.DependencyInjection;
using OrleansPool.Bench.Processes;
using OrleansPool.Bench.Proof.Load;
using OrleansPool.Bench.Proof.Upstream;

namespace OrleansPool.Bench.Proof.Stage;

/// <summary>All that takes part: the database, the silos, an upstream for each endpoint, and its callers.</summary>
internal sealed class ProofStage : IAsyncDisposable
{
    private const int Seed = 1;

    private readonly List<SiloHost> _silos = [];
    private readonly List<EndpointUnderProof> _endpoints = [];
    private RoutedCaller? _client;

    private ProofStage(PostgreSqlServer database) => Database = database;

    /// <summary>The cluster's store.</summary>
    public PostgreSqlServer Database { get; }

    public IReadOnlyList<SiloHost> Silos => _silos;

    public IReadOnlyList<EndpointUnderProof> Endpoints => _endpoints;

    /// <summary>Brings everything up, and the load with it.</summary>
    /// <exception cref="BenchFailedException">Something is missing or does not come up; the message says what to do.</exception>
    public static async Task<ProofStage> OpenAsync(ProofPlan plan, BuiltFiles files, string logFolder, CancellationToken cancellation)
    {
        var stage = new ProofStage(await PostgreSqlServer.StartAsync(Path.Combine(files.Root, "deploy", "postgresql", "schema.sql"), cancellation));
        try
        {
            await stage.StartSilosAsync(plan, files.Silo, logFolder, cancellation);
            await stage.StartLoadAsync(cancellation);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>The silo on which the budget of an endpoint lives.</summary>
    public async Task<SiloHost> FindBudgetAsync(EndpointPlan endpoint)
    {
        var management = _client!.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        var budgets = await management.GetDetailedGrainStatistics();
        var budget = budgets.FirstOrDefault(grain => IsBudget(grain.GrainId, endpoint.Name))
            ?? throw new BenchFailedException($"no silo has the budget of {endpoint.Name}; the silos' logs may say why.");
        return _silos.Single(silo => silo.SiloPort == budget.SiloAddress.Endpoint.Port);
    }

    /// <summary>Starts silos that ended by themselves, as a service manager does: one that was declared dead while it stood still stops when it learns of it.</summary>
    public async Task ReviveAsync(CancellationToken cancellation)
    {
        foreach (var silo in _silos) await silo.StartAsync(cancellation);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var endpoint in _endpoints) await endpoint.DisposeAsync();
        foreach (var silo in _silos) await silo.DisposeAsync();
        await Database.DisposeAsync();
    }

    private static bool IsBudget(GrainId grain, string endpoint) =>
        string.Equals(grain.Type.ToString(), "budget", StringComparison.Ordinal) && string.Equals(grain.Key.ToString(), endpoint, StringComparison.Ordinal);

    private async Task StartSilosAsync(ProofPlan plan, string assembly, string logFolder, CancellationToken cancellation)
    {
        foreach (var endpoint in plan.Endpoints)
            _endpoints.Add(new EndpointUnderProof(endpoint, await CountedUpstream.StartAsync(endpoint.Serving, ProofPlan.ServiceTime)));
        var settings = SiloSettings.For(plan, "proof", Database.ConnectionString, _endpoints.Select(endpoint => (endpoint.Plan, endpoint.Upstream.Port)));
        for (var number = 1; number <= ProofPlan.Silos; number++) _silos.Add(new SiloHost($"silo-{number}", assembly, settings, logFolder));
        foreach (var silo in _silos) await silo.StartAsync(cancellation);
    }

    private async Task StartLoadAsync(CancellationToken cancellation)
    {
        _client = await RoutedCaller.ConnectAsync("proof", EndpointPlan.Rpc.Name, _silos.Select(silo => silo.Gateway), cancellation);
        foreach (var endpoint in _endpoints)
            endpoint.Begin(endpoint.Plan.IsRouted ? _client : new IngressCaller(endpoint.Plan.Name, _silos.Select(silo => silo.Ingress)), Seed);
    }
}
