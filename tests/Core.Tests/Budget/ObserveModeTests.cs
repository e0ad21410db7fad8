using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Tests.Budget;

/// <summary>A limit that is only observed: it is what it would be, and holds nobody back. Pool, budget and law are the product's; the upstream has 40 slots.</summary>
public class ObserveModeTests
{
    private const int Slots = 40;

    [Fact]
    public async Task ObservedLimit_UnderLoadThatRises_GrowsWithIt()
    {
        var load = new ObservedLoad(Slots);
        await load.RunAsync(calls: 10, seconds: 10);
        Assert.Equal(20, (await load.ViewAsync()).ObservedLimit);
        await load.RunAsync(calls: 35, seconds: 10);
        Assert.InRange((await load.ViewAsync()).ObservedLimit!.Value, 35, 70);
        Assert.Equal(0, load.MostWaiting);
    }

    [Fact]
    public async Task ObservedLimit_WhenTheUpstreamQueues_FallsToWhatThatServes_AndNobodyIsHeldBack()
    {
        var load = new ObservedLoad(Slots);
        await load.RunAsync(calls: 35, seconds: 10);
        load.SetSlots(Slots / 2);
        await load.RunAsync(calls: 120, seconds: 30);
        var view = await load.ViewAsync();
        Assert.InRange(view.ObservedLimit!.Value, 18, 26);
        Assert.Contains(view.Changes, change => change.Reason == LimitReason.Queueing);
        Assert.Equal((LimitMode.Observe, 400), (view.LimitMode, view.Limit));
        Assert.Equal((0, 120), (load.MostWaiting, load.InFlight));
    }

    [Fact]
    public async Task ObservedLimit_UnderFourTimesTheLoad_StopsWhereTheUpstreamIsFull()
    {
        var load = new ObservedLoad(Slots);
        await load.RunAsync(calls: 35, seconds: 10);
        await load.RunAsync(calls: 160, seconds: 60);
        Assert.InRange((await load.ViewAsync()).ObservedLimit!.Value, 36, 52);
        Assert.Equal((0, 160), (load.MostWaiting, load.InFlight));
    }
}
