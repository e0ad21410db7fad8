using OrleansPool.Core.Calls.Streams;
using OrleansPool.Core.Hosting;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Operations;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Grains;

/// <summary>What lies behind every lane of this silo: its endpoints, and the streams under way. Thread-safe.</summary>
internal sealed class LaneService(EndpointDirectory endpoints, PoolHost pools, StreamTable streams, SiloIdentity silo, HostReporter reporter, TimeProvider time)
{
    public BeatMessage Beat => silo.Beat;

    public async ValueTask<ReplyMessage> CallAsync(string name, CallMessage call, CancellationToken cancellation)
    {
        if (!endpoints.TryGet(name, out var endpoint)) return Reply(new PieceMessage { Failure = Unknown(name) }, null);

        // Said, so that whoever asks turns to another silo from now on; whoever has no other is served, by another.
        if (pools.IsDraining && !call.MayBeHandedOver) return Reply(new PieceMessage { Failure = Draining() }, null);
        var reply = await WholeReply.CollectAsync(endpoint, call.ToRequest(), streams, time, cancellation).ConfigureAwait(false);
        return Reply(reply.First.ToMessage(), reply.Rest);
    }

    /// <summary>Off the grain's scheduler: hundreds of endpoints take some milliseconds.</summary>
    public async ValueTask<ReportMessage> ReportAsync(ReportQueryMessage query) =>
        new() { Json = await Task.Run(() => ReportJson.Write(reporter.Report(ReportJson.Read<ReportQuery>(query.Json)))).ConfigureAwait(false) };

    public OpenedMessage Open(string name, OpenMessage open)
    {
        if (!endpoints.TryGet(name, out var endpoint)) return Opened(Unknown(name));

        // Said now, while nothing of the body was taken, so that the client, or the silo that forwards it, can turn to another.
        if (pools.IsDraining && !open.MayBeHandedOver) return Opened(Draining());
        if (open.IsForwarded && endpoint.Elsewhere is { } elsewhere) return Opened(elsewhere.ToMessage());
        return streams.TryOpen(open.Stream, endpoint, open.ToHead()) ? Opened(null) : Opened(NotHere());
    }

    public async ValueTask<WrittenMessage> WriteAsync(WriteMessage piece)
    {
        if (!streams.TryGet(piece.Stream, out var stream)) return new WrittenMessage { Failure = NotHere() };
        var failure = await stream.WriteAsync(piece.Bytes, piece.IsLast).ConfigureAwait(false);
        return new WrittenMessage { Failure = failure?.ToMessage() };
    }

    public async ValueTask<PieceMessage> ReadAsync(Guid key)
    {
        if (!streams.TryGet(key, out var stream)) return new PieceMessage { Failure = NotHere() };
        var piece = await stream.ReadAsync().ConfigureAwait(false);
        if (piece.IsLast) await streams.EndAsync(key).ConfigureAwait(false);
        return piece.ToMessage();
    }

    public void KeepAlive(Guid key)
    {
        if (streams.TryGet(key, out var stream)) stream.KeepAlive();
    }

    public ValueTask CloseAsync(Guid key) => streams.CloseAsync(key);

    private ReplyMessage Reply(PieceMessage first, Guid? rest) => new() { SiloRun = silo.Beat.SiloRun, First = first, Rest = rest };

    private OpenedMessage Opened(FailureMessage? failure) => new() { SiloRun = silo.Beat.SiloRun, Failure = failure };

    private static FailureMessage Unknown(string name) => new CallFailure(FailureCode.EndpointUnknown, $"This silo has no endpoint called {name}.").ToMessage();

    private static FailureMessage Draining() => new CallFailure(FailureCode.Draining, "This silo takes no new calls: it is shutting down.").ToMessage();

    private static FailureMessage NotHere() => new CallFailure(FailureCode.GatewayLost, "This silo does not know the stream: it has ended, nobody read it for its time to live, or another silo carried it.").ToMessage();
}
