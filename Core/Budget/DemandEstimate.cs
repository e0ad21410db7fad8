namespace OrleansPool.Core.Budget;

/// <summary>
/// A holder's mean need of permits: calls in flight and waiting, smoothed over a second or so, since the counts at the moment of a report scatter by their
/// square root.
/// </summary>
internal sealed class DemandEstimate
{
    // Counts of independent calls scatter by their root: a difference of so many roots is no scatter, but a burst, or calls that went elsewhere.
    private const double Scatter = 3;

    private static readonly TimeSpan _memory = TimeSpan.FromSeconds(1);

    private TimeSpan _at;
    private bool _hasAny;

    /// <summary>Calls in flight and waiting in the mean.</summary>
    public double Mean { get; private set; }

    /// <summary>Calls in flight in the mean.</summary>
    public double InFlight { get; private set; }

    /// <summary>Permits in the mean that it had and did not use.</summary>
    public double Idle { get; private set; }

    /// <summary>What to provide for now: the mean, and more while calls wait.</summary>
    public double Present { get; private set; }

    /// <summary>Takes a report in.</summary>
    public void Add(in HolderDemand demand, int permits, TimeSpan now)
    {
        var count = (double)demand.InFlight + demand.Waiting;
        var isScatter = _hasAny && Math.Abs(count - Mean) <= Scatter * Math.Sqrt(Math.Max(1, Mean));
        var weight = isScatter ? 1 - Math.Exp(-Math.Max(0, (now - _at).TotalSeconds) / _memory.TotalSeconds) : 1;
        Mean += weight * (count - Mean);
        InFlight += weight * (demand.InFlight - InFlight);
        Idle += weight * (Math.Max(0, permits - demand.InFlight) - Idle);
        Present = demand.Waiting > 0 ? Math.Max(Mean, count) : Mean;
        (_at, _hasAny) = (now, true);
    }
}
