using OrleansPool.Bench.Proof.Figures;

namespace OrleansPool.Cluster.Tests.Proof;

/// <summary>The figures of the proof, from outcomes made by hand: 100 calls a second.</summary>
public class GoodputTests
{
    private const double Seconds = 60;
    private const double Fault = 10;

    [Fact]
    public void Nothing_Lost_IsNoDisturbance() => Assert.Equal(new Disturbance(0, 0, 0), After(_ => false));

    [Fact]
    public void AllLost_ForThreeSeconds_IsAFullDipUntilTheWindowIsCleanAgain()
    {
        var disturbance = After(due => due is >= 15 and < 18);
        Assert.Equal(1, disturbance.Dip, 3);

        // The first window below begins when 5 of its 100 calls are lost, the last one ends when at most 5 are.
        Assert.InRange(disturbance.SecondsBelow, 3.7, 4.0);
        Assert.InRange(disturbance.SecondsToRecover!.Value, 8.7, 9.0);
    }

    [Fact]
    public void ThirdLost_IsADipOfAThird() => Assert.InRange(After(due => due is >= 15 and < 18 && (int)Math.Round(due * 100) % 3 == 0).Dip, 0.32, 0.35);

    [Fact]
    public void Dip_IsMeasuredAgainstTheSteadyShare()
    {
        // Half of all calls are lost all the time: that is what steady was.
        Assert.Equal(new Disturbance(0, 0, 0), After(due => (int)Math.Round(due * 100) % 2 == 0, steady: 0.5));
    }

    [Fact]
    public void FewLost_AreADipWithoutTimeBelow()
    {
        var disturbance = After(due => Math.Abs(due - 20) < 0.001);
        Assert.Equal((0.01, 0, 0), (Math.Round(disturbance.Dip, 3), disturbance.SecondsBelow, disturbance.SecondsToRecover!.Value));
    }

    [Fact]
    public void LostTwice_RecoversAfterTheSecondTime() =>
        Assert.InRange(After(due => due is (>= 15 and < 16) or (>= 40 and < 41)).SecondsToRecover!.Value, 31, 32);

    [Fact]
    public void LostAtTheEnd_DoesNotRecover() => Assert.Null(After(due => due >= 50).SecondsToRecover);

    [Fact]
    public void Share_CountsTheStretchOnly()
    {
        Assert.Equal(0.5, Goodput.Share(Outcomes(due => due is >= 15 and < 16), 15, 17), 3);
        Assert.Equal(0, Goodput.Share([], 15, 17));
    }

    private static Disturbance After(Func<double, bool> isLost, double steady = 1) => Goodput.After(Outcomes(isLost), Fault, Seconds, steady);

    private static List<Outcome> Outcomes(Func<double, bool> isLost) =>
        [.. Enumerable.Range(0, (int)Seconds * 100).Select(number => number / 100.0).Select(due => new Outcome(due, TimeSpan.FromMilliseconds(1), isLost(due) ? "Lost" : null))];
}
