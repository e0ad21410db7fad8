using OrleansPool.Bench.Proof.Stage;

namespace OrleansPool.Bench.Proof;

/// <summary>How long everything takes, and how much load there is.</summary>
/// <param name="TimeToLive">Of a share (TTL).</param>
/// <param name="FreezeTolerance">How long a holder may stand still (F).</param>
/// <param name="Steady">Length of the phase without a fault, which the others are compared with.</param>
/// <param name="DownTime">How long a killed silo stays away.</param>
/// <param name="FrozenTime">How long a silo stands still; below F.</param>
/// <param name="StoreTime">How long the database is away.</param>
internal sealed record ProofPlan(
    TimeSpan TimeToLive, TimeSpan FreezeTolerance, TimeSpan Steady, TimeSpan DownTime, TimeSpan FrozenTime, TimeSpan StoreTime)
{
    /// <summary>Silos.</summary>
    public const int Silos = 3;

    /// <summary>From the first call until the steady phase: code is compiled, connections are opened, the limit is found.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    /// <summary>What a call takes at the upstream.</summary>
    public static readonly TimeSpan ServiceTime = TimeSpan.FromMilliseconds(100);

    /// <summary>The product's own times, and a database that is away for two minutes.</summary>
    public static readonly ProofPlan Full = new(Seconds(30), Seconds(30), Seconds(60), Seconds(20), Seconds(15), Seconds(120));

    /// <summary>
    /// A check of minutes: shorter leases and shorter faults. A share must still outlast the 10 s in which a dead budget's successor takes over, or all
    /// holders are left with their floors each time.
    /// </summary>
    public static readonly ProofPlan Quick = new(Seconds(12), Seconds(6), Seconds(15), Seconds(8), Seconds(4), Seconds(20));

    /// <summary>
    /// The shortest that shows a cap held and goodput that comes back, with a third of the load, for a test that other tests run beside. Shares end before a
    /// dead budget's successor takes over, so it is only for faults of silos without one.
    /// </summary>
    public static readonly ProofPlan Brief = new(Seconds(6), Seconds(2), Seconds(2), Seconds(2), Seconds(1), Seconds(0))
    {
        Endpoints = [EndpointPlan.Web with { Cap = 12, Rate = 60 }, EndpointPlan.Rpc with { Cap = 4, Rate = 60 }],
    };

    /// <summary>What is called.</summary>
    public IReadOnlyList<EndpointPlan> Endpoints { get; init; } = EndpointPlan.All;

    /// <summary>After a fault: until everything that was reserved or being learned is dealt again, and some time to see it.</summary>
    public TimeSpan Watch => TimeToLive + FreezeTolerance + Seconds(15);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
