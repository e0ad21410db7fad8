using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Grains.Abstractions;
using OrleansPool.Wire;

namespace OrleansPool.Cluster.Tests.Wire;

/// <summary>What a holder reports is what the authority hears, what that deals is what the holder gets, and what people see is what there is.</summary>
public sealed class BudgetMappingTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Request_ThroughTheWire_IsTheOneThatWasMade()
    {
        var request = new RenewRequest
        {
            Holder = "10.0.0.1:11111",
            Generation = 1,
            Number = 2,
            Epoch = 3,
            HeldConnections = 4,
            Floor = 5,
            HeldPermits = 6,
            Demand = new HolderDemand(7, 8, 9.5, 10, IsDraining: true),
            Sample = Sample(),
            IsLeaving = true,
            IsClient = true,
            Orders = Orders(),
        };
        var heard = Transmit(request.ToMessage()).ToRequest();

        Assert.Equal(request with { Sample = null }, heard with { Sample = null });
        Assert.Equal(Text(request.Sample), Text(heard.Sample!));
        Assert.All(request.Sample.ResponseTimes.Zip(heard.Sample!.ResponseTimes), times => AssertSame(times.First, times.Second));
    }

    [Fact]
    public void Sample_OfTheseTests_HasAllFacts()
    {
        // A fact that is added to the sample and left at its default here would not be missed on the wire.
        var sample = Sample();
        var untold = typeof(LoadSample).GetProperties().Where(fact => fact.PropertyType.IsValueType && fact.GetValue(sample)!.Equals(Activator.CreateInstance(fact.PropertyType)));
        Assert.Empty(untold.Select(fact => fact.Name));
    }

    [Fact]
    public void Request_WithoutASample_StaysWithout() =>
        Assert.Null(Transmit(new RenewRequest { Holder = "a", Generation = 1, Number = 1 }.ToMessage()).ToRequest().Sample);

    [Theory]
    [InlineData]
    [InlineData("10.0.0.2:11111", "10.0.0.3:11111")]
    public void Reply_ThroughTheWire_IsTheOneThatWasGiven(params string[] forwardTo)
    {
        var reply = new RenewReply
        {
            Number = 1,
            Epoch = 2,
            Permits = 3,
            Connections = 4,
            Floor = 5,
            FloorPermits = 6,
            TimeToLive = TimeSpan.FromSeconds(7),
            RenewAfter = TimeSpan.FromSeconds(8),
            Limit = 9,
            Turn = 0.25,
            ForwardTo = forwardTo,
            Orders = Orders(),
        };
        var heard = Transmit(reply.ToMessage()).ToReply();

        Assert.Equal(reply with { ForwardTo = [] }, heard with { ForwardTo = [] });
        Assert.Equal(forwardTo, heard.ForwardTo);
    }

    [Fact]
    public void Sample_OfAnIdleHolder_IsSmallOnTheWire()
    {
        var message = new RenewRequest { Holder = "10.0.0.1:11111", Generation = 1, Number = 1, Sample = new LoadSample { Span = TimeSpan.FromSeconds(1) } }.ToMessage();

        Assert.InRange(_services.GetRequiredService<Serializer>().SerializeToArray(message).Length, 1, 200);
    }

    [Fact]
    public void View_AsJson_ComesBackWithItsHistograms()
    {
        var epoch = new EpochSample { Span = TimeSpan.FromSeconds(1), At = TimeSpan.FromSeconds(2), Limit = 3, GoodRate = 4, InFlight = 5, ResponseTimes = Sample().ResponseTimes };
        var view = new BudgetView
        {
            Endpoint = "billing",
            Mode = BudgetMode.Learning,
            Epoch = 6,
            Limit = 37,
            Reason = LimitReason.Hold,
            LimitMode = LimitMode.Enforce,
            Cap = 40,
            ConnectionsTaken = 12,
            Overcommit = 1.25,
            Baseline = TimeSpan.FromMilliseconds(7),
            LastEpoch = epoch,
            Changes = [new LimitChange(TimeSpan.FromSeconds(1), 30, 37, LimitReason.Grow, epoch, TimeSpan.FromMilliseconds(7))],
            Holders = [],
            Now = TimeSpan.FromSeconds(8),
        };
        var seen = BudgetJson.Read<BudgetView>(BudgetJson.Write(view));

        Assert.Equal(view with { LastEpoch = null, Changes = [], Holders = [] }, seen with { LastEpoch = null, Changes = [], Holders = [] });
        Assert.Equal((30, 37, LimitReason.Grow), (seen.Changes[0].From, seen.Changes[0].To, seen.Changes[0].Reason));
        Assert.All(epoch.ResponseTimes.Zip(seen.LastEpoch!.ResponseTimes), times => AssertSame(times.First, times.Second));
    }

    [Fact]
    public void Order_ThroughTheWire_IsTheOneThatWasGiven()
    {
        Assert.All(Enum.GetValues<OrderVerb>(), verb => Assert.Equal(new Order(verb, 7, LimitMode.Observe, IsKept: true), Transmit(new Order(verb, 7, LimitMode.Observe, IsKept: true).ToMessage()).ToOrder()));
        Assert.Equal(new Order(OrderVerb.SetLimit), Transmit(new Order(OrderVerb.SetLimit).ToMessage()).ToOrder());
    }

    [Fact]
    public void Order_OfALaterVersion_IsNone() => Assert.Null(new OrderMessage { Verb = 99 }.ToOrder());

    private static Orders Orders() => new() { Number = 1, IsPaused = true, IsDrained = true, Limit = 2, Cap = 3, Mode = LimitMode.Off, Evictions = 4, Reconnects = 5 };

    private static LoadSample Sample()
    {
        var sample = new LoadSample
        {
            Span = TimeSpan.FromSeconds(1),
            Good = 1,
            Timeouts = 2,
            PushBacks = 3,
            Failures = 4,
            Ignored = 5,
            InFlightSeconds = 6.5,
            StreamSeconds = 7.5,
            PeakInFlight = 8,
            BoundSeconds = 9.5,
            WaitingSeconds = 10.5,
            Waited = 11,
            Refused = 12,
            OldestOpen = TimeSpan.FromSeconds(13),
            Permits = 14,
            RoundTrip = TimeSpan.FromMilliseconds(15),
            TimeoutSeconds = 16.5,
            Asked = 17,
        };
        sample.ResponseTimes[3] = new ResponseTimeHistogram();
        foreach (var milliseconds in new[] { 1, 1, 20, 3000 }) sample.ResponseTimes[3]!.Record(TimeSpan.FromMilliseconds(milliseconds));
        return sample;
    }

    private static void AssertSame(ResponseTimeHistogram? one, ResponseTimeHistogram? other)
    {
        Assert.Equal(one is null, other is null);
        Assert.Equal(one?.Filled(), other?.Filled());
        Assert.Equal((one?.Count, one?.Sum), (other?.Count, other?.Sum));
    }

    // All but the histograms, which are compared by their buckets.
    private static string Text(LoadSample sample) => JsonSerializer.Serialize(sample);

    private T Transmit<T>(T message)
        where T : class => _services.GetRequiredService<Serializer>().Deserialize<T>(_services.GetRequiredService<Serializer>().SerializeToArray(message))!;
}
