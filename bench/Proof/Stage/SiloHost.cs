using System.Net;
using OrleansPool.Bench.Processes;

namespace OrleansPool.Bench.Proof.Stage;

/// <summary>A place for a silo: the same ports for each process that runs there, one after the other.</summary>
internal sealed class SiloHost : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly string _assembly;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly StreamWriter _log;
    private readonly HttpClient _pages;
    private ChildProcess? _process;

    /// <param name="name">For messages.</param>
    /// <param name="assembly">The built silo.</param>
    /// <param name="settings">What all silos have in common, by key below <c>OrleansPool:</c>.</param>
    /// <param name="logFolder">Where it leaves its log.</param>
    public SiloHost(string name, string assembly, IReadOnlyDictionary<string, string> settings, string logFolder)
    {
        (Name, _assembly, _settings) = (name, assembly, settings);
        _log = new StreamWriter(Path.Combine(logFolder, $"{name}.log")) { AutoFlush = true };
        _pages = new HttpClient { BaseAddress = Ingress, Timeout = TimeSpan.FromSeconds(2) };
    }

    public string Name { get; }

    public int SiloPort { get; } = FreePort.Next();

    public IPEndPoint Gateway { get; } = new(IPAddress.Loopback, FreePort.Next());

    public Uri Ingress { get; } = new($"http://127.0.0.1:{FreePort.Next()}");

    /// <summary>True while a process runs there, frozen or not.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Starts a process unless one runs there, and waits until it takes calls.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        if (IsRunning) return;
        if (_process is not null) await _process.DisposeAsync();
        var start = DotnetProgram.Start(_assembly);
        foreach (var (key, value) in _settings) Set(start.Environment, key, value);
        Set(start.Environment, "Cluster:SiloPort", $"{SiloPort}");
        Set(start.Environment, "Cluster:GatewayPort", $"{Gateway.Port}");
        Set(start.Environment, "Gateway:Listen", Ingress.Authority);
        _process = ChildProcess.Start(Name, start, answers: false, _log);
        await _process.AwaitReadyAsync(async () => await PageAsync("/ready", cancellation) is not null, _patience, cancellation);
    }

    /// <summary>Ends it at once: the kernel closes its sockets, and nothing else is done.</summary>
    public async Task KillAsync()
    {
        await _process!.SignalAsync("KILL");
        await _process.EndAsync(_patience);
    }

    /// <summary>Stops all its threads. Its sockets stay open.</summary>
    public Task FreezeAsync() => _process!.SignalAsync("STOP");

    /// <summary>Lets it go on where it was.</summary>
    public Task ThawAsync() => _process!.SignalAsync("CONT");

    /// <summary>Stops it as an operator does, and waits for its end.</summary>
    public async Task StopAsync()
    {
        await _process!.SignalAsync("TERM");
        await _process.EndAsync(_patience);
    }

    /// <summary>One of its pages; null when it does not answer with one.</summary>
    public async Task<string?> PageAsync(string path, CancellationToken cancellation)
    {
        try
        {
            using var response = await _pages.GetAsync(new Uri(path, UriKind.Relative), cancellation);
            return response.StatusCode == HttpStatusCode.OK ? await response.Content.ReadAsStringAsync(cancellation) : null;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _pages.Dispose();
        await _log.DisposeAsync();
    }

    private static void Set(IDictionary<string, string?> environment, string key, string value) =>
        environment[$"OrleansPool__{key.Replace(":", "__", StringComparison.Ordinal)}"] = value;
}
