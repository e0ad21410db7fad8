using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits.Sampling;
using OrleansPool.Grains.Abstractions;

namespace OrleansPool.Wire;

/// <summary>Between the budget's types and the wire's: the same facts, field by field; of histograms only what is not empty. Stateless.</summary>
public static class BudgetMapping
{
    /// <summary>A holder's request, to be sent.</summary>
    public static RenewMessage ToMessage(this RenewRequest request) => new()
    {
        Holder = request.Holder,
        Generation = request.Generation,
        Number = request.Number,
        Epoch = request.Epoch,
        HeldConnections = request.HeldConnections,
        Floor = request.Floor,
        HeldPermits = request.HeldPermits,
        InFlight = request.Demand.InFlight,
        Waiting = request.Demand.Waiting,
        Rate = request.Demand.Rate,
        MinConnections = request.Demand.MinConnections,
        Cap = request.Demand.Cap,
        IsDraining = request.Demand.IsDraining,
        Sample = request.Sample?.ToMessage(),
        IsLeaving = request.IsLeaving,
        IsClient = request.IsClient,
        Orders = request.Orders?.ToMessage(),
    };

    /// <summary>A holder's request, as it came.</summary>
    public static RenewRequest ToRequest(this RenewMessage message) => new()
    {
        Holder = message.Holder,
        Generation = message.Generation,
        Number = message.Number,
        Epoch = message.Epoch,
        HeldConnections = message.HeldConnections,
        Floor = message.Floor,
        HeldPermits = message.HeldPermits,
        Demand = new HolderDemand(message.InFlight, message.Waiting, message.Rate, message.MinConnections, message.Cap, message.IsDraining),
        Sample = message.Sample?.ToSample(),
        IsLeaving = message.IsLeaving,
        IsClient = message.IsClient,
        Orders = message.Orders?.ToOrders(),
    };

    /// <summary>The authority's answer, to be sent.</summary>
    public static ShareMessage ToMessage(this RenewReply reply) => new()
    {
        Number = reply.Number,
        Epoch = reply.Epoch,
        Permits = reply.Permits,
        Connections = reply.Connections,
        Floor = reply.Floor,
        FloorPermits = reply.FloorPermits,
        Turn = reply.Turn,
        TimeToLive = reply.TimeToLive,
        RenewAfter = reply.RenewAfter,
        Limit = reply.Limit,
        ForwardTo = reply.ForwardTo.Count == 0 ? null : [.. reply.ForwardTo],
        Orders = reply.Orders == Orders.None ? null : reply.Orders.ToMessage(),
    };

    /// <summary>The authority's answer, as it came.</summary>
    public static RenewReply ToReply(this ShareMessage message) => new()
    {
        Number = message.Number,
        Epoch = message.Epoch,
        Permits = message.Permits,
        Connections = message.Connections,
        Floor = message.Floor,
        FloorPermits = message.FloorPermits,
        Turn = message.Turn,
        TimeToLive = message.TimeToLive,
        RenewAfter = message.RenewAfter,
        Limit = message.Limit,
        ForwardTo = message.ForwardTo ?? [],
        Orders = message.Orders?.ToOrders() ?? Orders.None,
    };

    private static LoadSampleMessage ToMessage(this LoadSample sample) => new()
    {
        Span = sample.Span,
        Good = sample.Good,
        Timeouts = sample.Timeouts,
        PushBacks = sample.PushBacks,
        Failures = sample.Failures,
        Ignored = sample.Ignored,
        ResponseTimes = [.. sample.ResponseTimes.Index().Where(times => times.Item is not null).Select(times => ToMessage(times.Index, times.Item!))],
        InFlightSeconds = sample.InFlightSeconds,
        StreamSeconds = sample.StreamSeconds,
        PeakInFlight = sample.PeakInFlight,
        BoundSeconds = sample.BoundSeconds,
        WaitingSeconds = sample.WaitingSeconds,
        Waited = sample.Waited,
        Refused = sample.Refused,
        OldestOpen = sample.OldestOpen,
        Permits = sample.Permits,
        RoundTrip = sample.RoundTrip,
        TimeoutSeconds = sample.TimeoutSeconds,
        Asked = sample.Asked,
    };

    private static LoadSample ToSample(this LoadSampleMessage message)
    {
        var sample = new LoadSample
        {
            Span = message.Span,
            Good = message.Good,
            Timeouts = message.Timeouts,
            PushBacks = message.PushBacks,
            Failures = message.Failures,
            Ignored = message.Ignored,
            InFlightSeconds = message.InFlightSeconds,
            StreamSeconds = message.StreamSeconds,
            PeakInFlight = message.PeakInFlight,
            BoundSeconds = message.BoundSeconds,
            WaitingSeconds = message.WaitingSeconds,
            Waited = message.Waited,
            Refused = message.Refused,
            OldestOpen = message.OldestOpen,
            Permits = message.Permits,
            RoundTrip = message.RoundTrip,
            TimeoutSeconds = message.TimeoutSeconds,
            Asked = message.Asked,
        };
        foreach (var times in message.ResponseTimes)
            sample.ResponseTimes[times.MethodClass] = ResponseTimeHistogram.From(times.Buckets.Chunk(2).Select(filled => (filled[0], filled[1])), times.Sum);
        return sample;
    }

    private static ResponseTimesMessage ToMessage(int methodClass, ResponseTimeHistogram times) => new()
    {
        MethodClass = methodClass,
        Sum = times.Sum,
        Buckets = [.. times.Filled().SelectMany(filled => new[] { filled.Bucket, filled.Count })],
    };
}
