using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Cluster.Tests.Lanes;

/// <summary>Silos that answer beats as the test says, and the factory that leads each lane to one of them.</summary>
internal sealed class ScriptedSilos
{
    private readonly ConcurrentDictionary<string, ScriptedSilo> _byLane = new(StringComparer.Ordinal);

    public ScriptedSilos(Func<string, ScriptedSilo> assign)
    {
        Grains = DispatchProxy.Create<IGrainFactory, Factory>();
        ((Factory)Grains).LaneOf = key => new ScriptedLane(() => _byLane.GetOrAdd(key, assign));
    }

    public IGrainFactory Grains { get; }

    /// <summary>Keys of the lanes that have been asked for a beat.</summary>
    public ICollection<string> Lanes => _byLane.Keys;

    /// <summary>Leads every lane elsewhere, as Orleans does when a gateway is gone.</summary>
    public void MoveAll(ScriptedSilo silo)
    {
        foreach (var lane in _byLane.Keys) _byLane[lane] = silo;
    }

    // Only the one way in which lanes ask for grains.
    [SuppressMessage("Performance", "CA1852", Justification = "The proxy derives from it.")]
    private class Factory : DispatchProxy
    {
        public Func<string, ScriptedLane> LaneOf { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            args is [string key, ..] ? LaneOf(key) : throw new NotSupportedException($"{targetMethod}");
    }

    private sealed class ScriptedLane(Func<ScriptedSilo> silo) : IPoolGrain, IStreamGrain
    {
        public ValueTask<BeatMessage> Beat() => new(silo().BeatAsync());

        public ValueTask<ReportMessage> Report(ReportQueryMessage query) => new(silo().ReportAsync());

        public ValueTask<ReplyMessage> Call(CallMessage call, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<OpenedMessage> Open(OpenMessage open) => throw new NotSupportedException();

        public ValueTask<WrittenMessage> Write(WriteMessage piece) => throw new NotSupportedException();

        public ValueTask<PieceMessage> Read(Guid stream) => new(new PieceMessage { Status = 200, Bytes = new byte[1] });

        public ValueTask KeepAlive(Guid stream) => silo().KeepAlive();

        public ValueTask Close(Guid stream) => throw new NotSupportedException();
    }
}

/// <summary>One run of one silo.</summary>
internal sealed class ScriptedSilo(int run, string gateway)
{
    private int _beats;
    private int _keepAlives;

    public int Run => run;

    /// <summary>Beats that it was asked for.</summary>
    public int Beats => Volatile.Read(ref _beats);

    /// <summary>Signs of life that it was told of.</summary>
    public int KeepAlives => Volatile.Read(ref _keepAlives);

    /// <summary>What Orleans throws when it is told something; null when all is well.</summary>
    public Exception? Failure { get; set; }

    public bool IsFrozen { get; set; }

    public Task<BeatMessage> BeatAsync()
    {
        Interlocked.Increment(ref _beats);
        return IsFrozen ? new TaskCompletionSource<BeatMessage>().Task : Task.FromResult(new BeatMessage { SiloRun = run, Gateway = gateway });
    }

    public Task<ReportMessage> ReportAsync() =>
        IsFrozen ? new TaskCompletionSource<ReportMessage>().Task : Task.FromException<ReportMessage>(Failure ?? new NotSupportedException());

    // Throws at once, not by the task: so does an Orleans client that was stopped.
    public ValueTask KeepAlive()
    {
        Interlocked.Increment(ref _keepAlives);
        return Failure is null ? default : throw Failure;
    }
}
