namespace OrleansPool.Core.Limits.Laws.Adaptive;

/// <summary>How far the limit grows where permits are used up and nothing seems to queue. Pure.</summary>
internal sealed class Growth(EpochSample epoch, double limit)
{
    // Used up for so little of the time already makes calls wait.
    private const double Bound = .05;

    // Used up for so much of the time, more permits would all be used.
    private const double FullyBound = .5;

    // Between limit and permits dealt there is rounding, and what is under way.
    private const double Dealt = 1.25;

    // While nobody knows what the upstream takes, the last step may begin with all slots used and nothing queueing, and nothing tells that it will be too far.
    private const double ColdStep = 1.3;

    // Far below what is asked for, the last step is most likely not the next one.
    private const double LargestColdStep = 2;
    private const double MostOfDemand = .9;

    private const double FirstRecoverStep = 1.3;
    private const double RecoverStep = 2;
    private const double StreakStep = .03;

    // A few permits would take minutes to become many by three in a hundred, and one for ever, as permits are whole.
    private const double SmallestStep = 1;
    private const double LargestStreakStep = 1.25;

    /// <summary>True when permits were used up often enough for calls to wait.</summary>
    public bool IsBound => epoch.BoundShare >= Bound;

    /// <summary>
    /// No larger limit would be of use. When all permits are used, one above those that were dealt would not be tried, only be found wrong later. Otherwise:
    /// calls that come to one holder independently of each other vary by the root of their number; with this many permits more, one in fifty finds none free.
    /// </summary>
    public double LargestUseful => IsFullyBound
        ? Math.Max(Tried * Dealt, Tried + SmallestStep)
        : Needed + (2 * Math.Sqrt(Needed * Math.Max(1, epoch.Holders)));

    /// <summary>The first step towards a proven limit.</summary>
    public double Recover(AdaptiveState state) => Math.Min(state.GoodLimit, limit * FirstRecoverStep);

    /// <summary>The limit after quiet epochs: by large steps when cold or below a proven limit, otherwise the faster the more of them in a row.</summary>
    public double Next(in QueueEstimate queue, AdaptiveState state)
    {
        if (state.IsCold) return FromCold();
        if (!Steering.IsBelowProven(limit, state.GoodLimit)) return Math.Max(limit + SmallestStep, limit * Math.Min(LargestStreakStep, 1 + (StreakStep * state.Streak)));
        if (state.IsClimbing) return Math.Min(state.GoodLimit, limit * RecoverStep);
        var isCertain = queue.Share + queue.ShareNoise < Steering.Aim(limit) / 2;
        return isCertain || state.Streak >= 2 ? Recover(state) : limit * (1 + StreakStep);
    }

    private bool IsFullyBound => epoch.BoundShare > FullyBound;

    private double Tried => Math.Max(epoch.Permits, epoch.InFlight);

    private double Needed => Math.Max(epoch.InFlight, epoch.Demand());

    // A limit just raised takes a while to be dealt: what the calls in flight really tried counts.
    private double FromCold()
    {
        var tried = IsFullyBound ? Math.Min(limit, epoch.InFlight) : limit;
        return Math.Max(tried * ColdStep, Math.Min(Math.Min(limit, epoch.PeakInFlight) * LargestColdStep, epoch.Demand() * MostOfDemand));
    }
}
