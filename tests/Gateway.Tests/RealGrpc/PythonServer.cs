using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using OrleansPool.Gateway.Tests.Hosting;

namespace OrleansPool.Gateway.Tests.RealGrpc;

/// <summary>The upstream: a stock gRPC server, and what it tells of its calls.</summary>
internal sealed class PythonServer : IAsyncDisposable
{
    private readonly ScriptProcess _process;
    private readonly ConcurrentQueue<Event> _events = new();
    private Task _listening = Task.CompletedTask;

    private PythonServer(ScriptProcess process) => _process = process;

    /// <summary>Where it listens.</summary>
    public int Port { get; private set; }

    /// <summary>Where it listens for calls that are to show what is on the wire: messages come as they are, and windows do not grow.</summary>
    public int BarePort { get; private set; }

    /// <summary>Starts a server, on ports of its own choice or, to take the place of another, on that one's.</summary>
    public static async Task<PythonServer> StartAsync(PythonServer? predecessor = null)
    {
        var server = new PythonServer(PythonProcess.Start("server.py", Text(predecessor?.Port), Text(predecessor?.BarePort)));
        var ready = (await server._process.ReadLineAsync("the server's ports")).Split(' ');
        Assert.Equal("listening", ready[0]);
        (server.Port, server.BarePort) = (int.Parse(ready[1], CultureInfo.InvariantCulture), int.Parse(ready[2], CultureInfo.InvariantCulture));
        server._listening = server.ListenAsync();
        return server;
    }

    /// <summary>Waits until the server has told of <paramref name="what"/> for a call.</summary>
    public async Task<Event> TellsAsync(string what, string call)
    {
        Event? told = null;
        await Eventually.HoldsAsync(() => (told = Find(what, call)) is not null, $"the server tells that {call} {what}");
        return told!;
    }

    /// <summary>True when the server has heard of a call.</summary>
    public bool HasSeen(string call) => Find("began", call) is not null;

    /// <summary>Ends it: with time for its calls to finish, or without a word.</summary>
    public Task StopAsync(bool gracefully) => gracefully ? _process.EndAsync() : _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _listening.InTime("the end of the server's output");
    }

    private Event? Find(string what, string call) => _events.FirstOrDefault(e => e.Name == what && e.Call == call);

    private static string Text(int? port) => (port ?? 0).ToString(CultureInfo.InvariantCulture);

    private async Task ListenAsync()
    {
        await foreach (var line in _process.ReadAllAsync()) _events.Enqueue(JsonSerializer.Deserialize<Event>(line, Observations.Json)!);
    }

    /// <summary>Something that happened to a call at the server.</summary>
    /// <param name="Name"><c>began</c>, or <c>cancelled</c>: the call ended before the server ended it.</param>
    /// <param name="Call">The call's name for itself.</param>
    /// <param name="RemainingMs">With <c>began</c>, the time that the call had left; null without a deadline.</param>
    public sealed record Event(string Name, string Call, double? RemainingMs);
}
