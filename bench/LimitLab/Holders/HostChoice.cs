using OrleansPool.Bench.LimitLab.Load;
using OrleansPool.Bench.LimitLab.Upstream;

namespace OrleansPool.Bench.LimitLab.Holders;

/// <summary>A holder's choice among the upstream's hosts: the one with the fewest of its own calls, in turn among equals.</summary>
internal sealed class HostChoice(UpstreamModel upstream)
{
    private readonly int[] _calls = new int[upstream.Hosts.Count];
    private int _turn;

    public void Send(Call call)
    {
        var best = _turn = (_turn + 1) % _calls.Length;
        for (var step = 1; step < _calls.Length; step++)
        {
            var host = (_turn + step) % _calls.Length;
            if (_calls[host] < _calls[best]) best = host;
        }

        _calls[best]++;
        call.HostIndex = best;
        upstream.Hosts[best].Begin(call);
    }

    /// <summary>The holder counts a call no longer.</summary>
    public void Settled(Call call) => _calls[call.HostIndex]--;
}
