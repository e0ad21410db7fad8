using Orleans.Concurrency;
using Orleans.GrainDirectory;
using OrleansPool.Grains.Abstractions;
using OrleansPool.Grains.Placement;

namespace OrleansPool.Grains;

/// <summary>
/// A lane's address in the cluster, and nothing more: it has no state, awaits nothing, and hands every call to <see cref="LaneService"/>, which leaves the
/// grain's single-threaded scheduler at its first await.
/// </summary>
[SiloLocal, GrainDirectory(NoDirectory.Name), Reentrant, KeepAlive]
internal sealed class PoolGrain(LaneService lane) : Grain, IPoolGrain, IStreamGrain
{
    private string Endpoint => LaneKey.EndpointOf(this.GetPrimaryKeyString());

    public ValueTask<ReplyMessage> Call(CallMessage call, CancellationToken cancellation) => lane.CallAsync(Endpoint, call, cancellation);

    public ValueTask<BeatMessage> Beat() => new(lane.Beat);

    public ValueTask<ReportMessage> Report(ReportQueryMessage query) => lane.ReportAsync(query);

    public ValueTask<OpenedMessage> Open(OpenMessage open) => new(lane.Open(Endpoint, open));

    public ValueTask<WrittenMessage> Write(WriteMessage piece) => lane.WriteAsync(piece);

    public ValueTask<PieceMessage> Read(Guid stream) => lane.ReadAsync(stream);

    public ValueTask KeepAlive(Guid stream)
    {
        lane.KeepAlive(stream);
        return default;
    }

    public ValueTask Close(Guid stream) => lane.CloseAsync(stream);
}
