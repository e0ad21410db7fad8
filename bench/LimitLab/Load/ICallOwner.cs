using OrleansPool.Bench.LimitLab.Upstream;

namespace OrleansPool.Bench.LimitLab.Load;

/// <summary>Who has a call.</summary>
internal interface ICallOwner
{
    /// <summary>The upstream is done with it, also when nobody waits for it any more.</summary>
    void Ended(Call call, Answer answer);

    /// <summary>Its caller's time is over.</summary>
    void Expired(Call call);
}
