using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.TestingHost;
using OrleansPool.Core.Calls;
using OrleansPool.Core.Calls.Streams;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Pooling;
using OrleansPool.Grains;

namespace OrleansPool.Cluster.Tests.Hosting;

/// <summary>Silos in this process that talk over real sockets, to each other and to their clients.</summary>
internal sealed class TestSilos : IAsyncDisposable
{
    private static readonly TimeSpan _renewPeriod = TimeSpan.FromMilliseconds(100);

    private readonly TestCluster _cluster;
    private readonly Lock _gate = new();
    private readonly Dictionary<ChannelPool, PoolShare> _moved = [];
    private readonly ITimer _renewal;

    private TestSilos(TestCluster cluster)
    {
        _cluster = cluster;
        _renewal = TimeProvider.System.CreateTimer(_ => RenewMoved(), null, _renewPeriod, _renewPeriod);
    }

    public ClusterAddress Address => new(_cluster.Options.ClusterId, _cluster.Options.ServiceId, [.. Handles.Select(Gateway)]);

    public IReadOnlyList<SiloHandle> Handles => [.. _cluster.Silos.OrderBy(silo => NumberOf(silo.Name))];

    /// <summary>Starts silos, each with the settings below <c>OrleansPool:</c> that <paramref name="settings"/> has for its number.</summary>
    public static async Task<TestSilos> StartAsync(
        short count, Func<int, IEnumerable<(string Key, string Value)>> settings, Action<IServiceCollection>? configure = null)
    {
        var builder = new TestClusterBuilder(count) { PortAllocator = new FreePortPairs() };
        (builder.Options.ConfigureFileLogging, builder.Options.InitializeClientOnDeploy) = (false, false);
        builder.CreateSiloAsync = async (name, configuration) =>
        {
            var own = settings(NumberOf(name));
            return await InProcessSiloHandle.CreateAsync(name, configuration, host => Configure(host, own, configure));
        };
        var silos = new TestSilos(builder.Build());
        await silos._cluster.DeployAsync();
        await silos.AreReadyAsync();
        return silos;
    }

    /// <summary>The pool of an endpoint on one of the silos.</summary>
    public PoolSnapshot Pool(int silo, string endpoint) => Endpoint(silo, endpoint).Snapshot();

    /// <summary>Takes the share of an endpoint from one of the silos, and tells it that others have one.</summary>
    public void MoveShare(int silo, string endpoint, params int[] holders) => MoveShare(silo, endpoint, [.. holders.Select(AddressOf)]);

    /// <summary>The same, with the others by their addresses.</summary>
    public void MoveShare(int silo, string endpoint, params string[] holders)
    {
        var pool = Endpoint(silo, endpoint).Pool;
        var share = new PoolShare(0, 0) { Holders = holders };
        lock (_gate)
        {
            _moved[pool] = share;
            pool.Apply(share);
        }
    }

    /// <summary>The name under which a silo holds shares.</summary>
    public string AddressOf(int silo) => Handles[silo].SiloAddress.Endpoint.ToString();

    /// <summary>Gives one of the silos a share.</summary>
    public void GiveShare(int silo, string endpoint, int permits)
    {
        var pool = Endpoint(silo, endpoint).Pool;
        lock (_gate)
        {
            _moved.Remove(pool);
            pool.Apply(new PoolShare(permits, 10));
        }
    }

    /// <summary>A service of one of the silos.</summary>
    public T Service<T>(int silo)
        where T : notnull => ServicesOf(silo).GetRequiredService<T>();

    /// <summary>The streams under way on one of the silos.</summary>
    public StreamTable Streams(int silo) => ServicesOf(silo).GetRequiredService<StreamTable>();

    /// <summary>Completes when no call is in flight and no stream under way on any silo.</summary>
    public Task AreQuietAsync(string endpoint) => Eventually.HoldsAsync(
        () => Enumerable.Range(0, Handles.Count).All(silo => Pool(silo, endpoint) is { InFlight: 0, Waiting: 0, Busy: 0 } && Streams(silo).Count == 0),
        $"no call in flight at {endpoint}");

    /// <summary>Stops a silo as an operator does.</summary>
    public Task StopAsync(int silo) => _cluster.StopSiloAsync(Handles[silo]);

    /// <summary>
    /// Kills a silo as the test host does, which in one process still lets it drain; <see cref="Processes.SiloProcess"/> dies for real.
    /// </summary>
    public Task KillAsync(int silo) => _cluster.KillSiloAsync(Handles[silo]);

    public async ValueTask DisposeAsync()
    {
        await _renewal.DisposeAsync();
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }

    // A silo that is slow to answer is passed over for a moment, and calls wait where they came in. What brings them on their way again is the next renewal, so
    // a share that a test moved is renewed as well.
    private void RenewMoved()
    {
        lock (_gate)
        {
            foreach (var (pool, share) in _moved.Where(moved => moved.Key.Snapshot().Waiting > 0)) pool.Apply(share);
        }
    }

    // Several start at once: only the name tells which is which.
    private static int NumberOf(string name) => name == Silo.PrimarySiloName ? 0 : int.Parse(name.Split('_')[^1]);

    private static IPEndPoint Gateway(SiloHandle silo) => silo.GatewayAddress.Endpoint;

    // Tests that say nothing of limits want none, and connections enough for all silos together.
    private static IEnumerable<KeyValuePair<string, string?>> Roomy((string Key, string Value) protocol)
    {
        var endpoint = $"OrleansPool:{protocol.Key[..protocol.Key.LastIndexOf(':')]}";
        return [KeyValuePair.Create<string, string?>($"{endpoint}:Limits:Mode", "off"), KeyValuePair.Create<string, string?>($"{endpoint}:Pool:Max", "40")];
    }

    private static void Configure(IHostBuilder host, IEnumerable<(string Key, string Value)> settings, Action<IServiceCollection>? configure)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Where(setting => setting.Key.EndsWith(":Protocol", StringComparison.Ordinal)).SelectMany(Roomy))
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"OrleansPool:{setting.Key}", (string?)setting.Value)))
            .Build();
        host.UseOrleans(silo =>
        {
            silo.AddOrleansPoolGrains();
            silo.AddMemoryGrainStorage("budget", rows => rows.NumStorageGrains = 1);
            silo.Services.AddOrleansPool(configuration);

            // The substitutes of this project look like grains to every silo of its process.
            silo.Services.PostConfigure<GrainTypeOptions>(grains => grains.Classes.RemoveWhere(type => type.Assembly == typeof(TestSilos).Assembly));
            configure?.Invoke(silo.Services);
        });
    }

    private Endpoint Endpoint(int silo, string name)
    {
        Assert.True(ServicesOf(silo).GetRequiredService<EndpointDirectory>().TryGet(name, out var found), $"No endpoint {name}");
        return found;
    }

    private IServiceProvider ServicesOf(int silo) => _cluster.GetSiloServiceProvider(Handles[silo].SiloAddress);

    private async Task AreReadyAsync()
    {
        await Eventually.HoldsAsync(() => Enumerable.Range(0, Handles.Count).All(silo => Service<PoolHost>(silo).IsReady), "every silo to be ready");
        await Eventually.HoldsAsync(() => Enumerable.Range(0, Handles.Count).All(SeesAllOthers), "every silo to know of all others");
    }

    // A silo places grains on those alone that it has heard of, and whose list of grains it has: both come a moment after they are up.
    private bool SeesAllOthers(int silo) =>
        Service<ISiloStatusOracle>(silo).GetApproximateSiloStatuses(onlyActive: true).Count == Handles.Count
        && Handles.All(other => Service<IClusterManifestProvider>(silo).Current.Silos.ContainsKey(other.SiloAddress));
}
