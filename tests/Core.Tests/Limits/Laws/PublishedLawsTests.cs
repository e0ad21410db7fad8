using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Tests.Limits.Laws;

/// <summary>The laws taken over from publications, with their numbers.</summary>
public class PublishedLawsTests
{
    private static readonly LimitBounds _bounds = new(10, 200, 50);

    public static TheoryData<string> Names => [.. LimitLaws.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Create_ByName_IsThatLaw(string name) => Assert.Equal(name, LimitLaws.Create(name).Name);

    [Fact]
    public void Create_WithoutSuchALaw_ListsThoseThereAre()
    {
        var error = Assert.Throws<ArgumentException>(() => LimitLaws.Create("bbr"));
        Assert.StartsWith("There is no limit law 'bbr': use one of adaptive, fixed, aimd, gradient2, vegas.", error.Message, StringComparison.Ordinal);
        Assert.Equal(LimitLaws.Default, LimitLaws.Names[0]);
    }

    [Theory]
    [InlineData("aimd")]
    [InlineData("gradient2")]
    [InlineData("vegas")]
    public void Start_WithoutAMemory_IsTheInitialLimit_AndTheRememberedOneWithIt(string name)
    {
        var law = LimitLaws.Create(name);
        Assert.Equal((50.0, LimitReason.Configured), At(law.Start(_bounds, null)));
        Assert.Equal((70.0, LimitReason.Remembered), At(law.Start(_bounds, new LimitMemory(70, 70, []))));
        Assert.Equal((200.0, LimitReason.Remembered), At(law.Start(_bounds, new LimitMemory(700, 700, []))));
    }

    [Theory]
    [InlineData("aimd")]
    [InlineData("gradient2")]
    [InlineData("vegas")]
    public void Window_WithTooFewCalls_ChangesNothing(string name) => Assert.Equal([(50, LimitReason.TooFewSamples)], Run(name, Epochs.Of(50, 50, good: 9)));

    [Fact]
    public void Fixed_Whatever_StaysAtTheCeiling() => Assert.Equal([(200, LimitReason.Configured)], Run("fixed", Epochs.Of(5000, 1, timeouts: 500)));

    [Fact]
    public void Aimd_GrowsByOneWhileHalfUsed_AndTakesATenthOnDropsOrBeyondFiveSeconds() => Assert.Equal(
        [(51, LimitReason.Grow), (51, LimitReason.NotBound), (45.9, LimitReason.Overdue), (41.31, LimitReason.PushBack), (37.179, LimitReason.Overdue)],
        Run("aimd", Epochs.Of(50, 26), Epochs.Of(50, 25), Epochs.Of(50, 50, timeouts: 1), Epochs.Of(50, 50, pushBacks: 1), Epochs.Of(5001, 50)));

    [Fact]
    public void Gradient2_SteadyTimes_GrowsByAFifthOfFour() => Assert.Equal([(50.8, LimitReason.Grow), (51.6, LimitReason.Grow)], Run("gradient2", Epochs.Of(50, 50), Epochs.Of(50, 50)));

    [Fact]
    public void Gradient2_HalfUnused_Holds() => Assert.Equal([(50, LimitReason.NotBound)], Run("gradient2", Epochs.Of(50, 24)));

    [Fact]
    public void Gradient2_TimesFourfoldInASecondWindow_CutsByTheGradient()
    {
        // Long average (50 + 200) / 2 = 125, gradient 1.5 x 125 / 200 = 0.9375; 0.8 x 50.8 + 0.2 x (50.8 x 0.9375 + 4).
        var (limit, reason) = Run("gradient2", Epochs.Of(50, 50), Epochs.Of(200, 50))[1];
        Assert.Equal((50.965, LimitReason.Queueing), (limit, reason));
    }

    [Fact]
    public void Vegas_LearnsTheLeastTimeFirst_ThenKeepsTheQueueBetweenItsThresholds() => Assert.Equal(
        [(50, LimitReason.NewBaseline), (56, LimitReason.Grow), (57, LimitReason.Grow), (57, LimitReason.Hold), (56, LimitReason.Queueing), (55, LimitReason.PushBack), (55, LimitReason.NotBound)],
        Run("vegas", Epochs.Of(50, 50), Epochs.Of(50, 50), Epochs.Of(51.5, 50), Epochs.Of(53.5, 50), Epochs.Of(60, 50), Epochs.Of(50, 50, pushBacks: 1), Epochs.Of(50, 20)));

    [Fact]
    public void Vegas_AfterFifteenWindowsPerPermit_TakesThePresentTimeForTheLeast()
    {
        var reasons = Run("vegas", [Epochs.Of(50, 50), .. Enumerable.Repeat(Epochs.Of(54, 50), 751)]).Select(step => step.Reason).ToList();
        Assert.Equal([0, 749], Enumerable.Range(0, reasons.Count).Where(at => reasons[at] == LimitReason.NewBaseline));
    }

    private static (double Limit, LimitReason Reason) At(LimitDecision decision) => (Math.Round(decision.Limit, 3), decision.Reason);

    private static List<(double Limit, LimitReason Reason)> Run(string name, params EpochSample[] epochs)
    {
        var law = LimitLaws.Create(name);
        var decision = law.Start(_bounds, null);
        return [.. epochs.Select(epoch => At(decision = law.Next(decision, epoch, _bounds)))];
    }
}
