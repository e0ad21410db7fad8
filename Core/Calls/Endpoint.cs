using OrleansPool.Core.Calls.Recent;
using OrleansPool.Core.Diagnostics;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Pooling.Health;
using OrleansPool.Core.Transports.Framing;

namespace OrleansPool.Core.Calls;

/// <summary>A named upstream as callers see it. Thread-safe.</summary>
public sealed class Endpoint : IAsyncDisposable
{
    private readonly CallPipeline _pipeline;
    private readonly AddressWatch _addresses;

    internal Endpoint(string name, Protocol protocol, CallPipeline pipeline, AddressWatch addresses)
    {
        (Name, Protocol, _pipeline, _addresses) = (name, protocol, pipeline, addresses);
    }

    /// <summary>The name that callers use.</summary>
    public string Name { get; }

    /// <summary>What it speaks upstream.</summary>
    public Protocol Protocol { get; }

    /// <summary>Where frames of its protocol end; null where it has none, or tells by itself.</summary>
    public IFraming? Framing { get; internal init; }

    /// <summary>With JSON-RPC: what came from its upstreams and was nobody's; else null.</summary>
    public JsonRpcTotals? JsonRpc { get; internal init; }

    /// <summary>How its calls went wrong of late.</summary>
    public required CallErrors Errors { get; init; }

    /// <summary>Its last 15 minutes in this process.</summary>
    public required CallHistory History { get; init; }

    /// <summary>What asks its addresses how they are; null for nothing.</summary>
    internal AddressChecks? Checks { get; init; }

    internal ChannelPool Pool => _pipeline.Pool;

    /// <summary>Finds the addresses, opens the minimum of channels, and completes when that is done or has failed once.</summary>
    public async Task WarmAsync()
    {
        await _addresses.StartAsync().ConfigureAwait(false);
        Checks?.Start();
        await _pipeline.Pool.Warm.ConfigureAwait(false);
    }

    /// <summary>What a call is told while only other hosts have a share of the limit; null when it may wait here.</summary>
    public CallFailure? Elsewhere => _pipeline.Pool.Elsewhere;

    /// <summary>
    /// Makes a call: waits for its turn, sends it, and returns when the answer's head is here. Failures are returned, never thrown.
    /// </summary>
    /// <param name="request">The call; its body must stay valid until the answer is disposed.</param>
    /// <param name="caller">Cancelled when the caller leaves; the call is then reset upstream.</param>
    public ValueTask<CallResult> CallAsync(CallRequest request, CancellationToken caller) => _pipeline.CallAsync(request, caller);

    /// <summary>True for a call that is sent once more when its answer is late, if its body is here whole: worth a moment's wait for the body's end.</summary>
    public bool MayHedge(string method, string target, HeaderBlock headers) => _pipeline.MayHedge(method, target, headers);

    /// <summary>What it did with its calls beyond sending them once.</summary>
    public CallTotals Calls => _pipeline.Totals;

    /// <summary>Calls for which no permit or channel can be had go there from now on.</summary>
    internal void FallBackTo(Endpoint other) => _pipeline.Fallback = other._pipeline;

    /// <summary>Goes by these from now on: nothing in flight is cut.</summary>
    internal void Adjust(PoolTuning tuning, LimitsOptions limits) => _pipeline.Adjust(tuning, limits);

    /// <summary>The pool right now.</summary>
    public PoolSnapshot Snapshot() => _pipeline.Pool.Snapshot();

    /// <summary>Its open connections in this process, for people.</summary>
    public IReadOnlyList<ChannelSnapshot> Channels() => _pipeline.Pool.Channels();

    /// <summary>Who has calls in flight or waiting here, for people.</summary>
    public IReadOnlyList<CallerSnapshot> Callers() => _pipeline.Pool.Callers();

    /// <summary>Refuses new calls, lets those in flight finish for at most <paramref name="bound"/>, and closes.</summary>
    public async Task DrainAsync(TimeSpan bound)
    {
        // The refusal comes first: ending the watch may have to wait for the name service.
        var drained = _pipeline.Pool.DrainAsync(bound);
        if (Checks is not null) await Checks.DisposeAsync().ConfigureAwait(false);
        await _addresses.DisposeAsync().ConfigureAwait(false);
        await drained.ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await DrainAsync(TimeSpan.Zero).ConfigureAwait(false);
}
