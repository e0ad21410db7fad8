using OrleansPool.Bench.Proof.Load;
using OrleansPool.Bench.Proof.Upstream;

namespace OrleansPool.Bench.Proof.Stage;

/// <summary>An endpoint with its upstream and its load.</summary>
internal sealed class EndpointUnderProof(EndpointPlan plan, CountedUpstream upstream) : IAsyncDisposable
{
    private ICaller? _caller;
    private OpenLoop? _load;
    private ConnectionSamples? _samples;

    public EndpointPlan Plan => plan;

    public CountedUpstream Upstream => upstream;

    /// <summary>The load, once begun.</summary>
    public OpenLoop Load => _load ?? throw new InvalidOperationException("The load has not begun.");

    /// <summary>Connections over time, once the load has begun.</summary>
    public ConnectionSamples Samples => _samples ?? throw new InvalidOperationException("The load has not begun.");

    /// <summary>Begins to call. The caller is disposed with this.</summary>
    public void Begin(ICaller caller, int seed)
    {
        _caller = caller;
        var load = _load = new OpenLoop(caller, plan.Rate, seed);
        _samples = new ConnectionSamples(upstream.Connections, () => load.Now);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_samples is not null) await _samples.DisposeAsync();
        if (_load is not null) await _load.DisposeAsync();
        if (_caller is not null) await _caller.DisposeAsync();
        await upstream.DisposeAsync();
    }
}
