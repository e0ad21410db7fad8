using OrleansPool.Core.Calls;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Grains.Abstractions;
using OrleansPool.Grains.Placement;

namespace OrleansPool.Grains.Forwarding;

/// <summary>
/// Forwards calls to other silos, by lanes that name the silo (docs/decisions/0018): there a call goes the same way as one from a cluster client. A silo
/// that turned a call away before a byte of its body was taken is one of a few that are asked; anything else is the call's outcome. A call for which no
/// holder is named is handed over, to wait where it comes and to be forwarded from there (docs/decisions/0022). Thread-safe.
/// </summary>
internal sealed class SiloForwarding(IGrainFactory grains, PeerSilos peers, TimeProvider time) : IForwarding
{
    private const int MostAsked = 3;

    public async ValueTask<CallResult> ForwardAsync(string endpoint, IReadOnlyList<string> holders, CallRequest request, Deadline deadline, CancellationToken caller)
    {
        var handsOver = holders.Count == 0;
        for (var asked = new List<Peer>(MostAsked); asked.Count < MostAsked && peers.Take(holders, asked) is { } peer;)
        {
            asked.Add(peer);
            if (await peer.Silo.TryUseAsync(caller).ConfigureAwait(false) is not { } use) continue;
            var result = await AskAsync(LaneKey.To(endpoint, peer.Address.Endpoint), use, request, deadline, handsOver).ConfigureAwait(false);
            if (result.Failure is not { Code: FailureCode.ShareElsewhere or FailureCode.Draining } refusal || !request.CanRepeat) return result;

            if (refusal.Code == FailureCode.Draining) peer.Silo.Leave();

            // Whoever has just lost its share was told who has it now.
            if (refusal.Holders.Count > 0) holders = refusal.Holders;
        }

        return new CallResult(new CallFailure(FailureCode.ShareElsewhere, $"{endpoint}: this host has no share of the limit now, and no host that has one took the call."));
    }

    private async ValueTask<CallResult> AskAsync(string lane, PeerUse use, CallRequest request, Deadline deadline, bool handsOver)
    {
        TimeSpan? timeLeft = deadline.IsNone ? null : deadline.Remaining(time);
        var response = new ForwardedResponse(grains.GetGrain<IPoolGrain>(lane), grains.GetGrain<IStreamGrain>(lane), use, time);
        var failure = await response.BeginAsync(request, timeLeft, handsOver).ConfigureAwait(false);
        if (failure is null) return new CallResult(response);
        await response.DisposeAsync().ConfigureAwait(false);
        return new CallResult(failure);
    }
}
