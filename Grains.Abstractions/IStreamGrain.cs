using Orleans.Concurrency;

namespace OrleansPool.Grains.Abstractions;

/// <summary>
/// The calls of a lane that are carried in pieces. The same grain as <see cref="IPoolGrain"/> of the same key, so that the rest of a call goes by the same
/// gateway to the same silo; the streams themselves live beside it, under keys of their own.
/// </summary>
[Alias("orleanspool.stream")]
public interface IStreamGrain : IGrainWithStringKey
{
    /// <summary>Begins a call whose body is still to come. Returns at once; what becomes of the call is read.</summary>
    [Alias("open"), ResponseTimeout(WireLimits.CallTimeout)]
    ValueTask<OpenedMessage> Open(OpenMessage open);

    /// <summary>Sends a piece of the request's body; completes when there is room for the next. One at a time.</summary>
    [Alias("write"), ResponseTimeout(WireLimits.CallTimeout)]
    ValueTask<WrittenMessage> Write(WriteMessage piece);

    /// <summary>Waits a while for a piece of the response. One at a time; a stream that is not read ends after its time to live.</summary>
    [Alias("read"), ResponseTimeout(WireLimits.CallTimeout)]
    ValueTask<PieceMessage> Read(Guid stream);

    /// <summary>Tells that the reader lives, without reading.</summary>
    [Alias("keepAlive"), OneWay]
    ValueTask KeepAlive(Guid stream);

    /// <summary>Ends the call; what is in flight upstream is reset.</summary>
    [Alias("close"), ResponseTimeout(WireLimits.CallTimeout)]
    ValueTask Close(Guid stream);
}
