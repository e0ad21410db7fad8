using OrleansPool.Core.Pooling.Queueing;

namespace OrleansPool.Core.Tests.Pooling.Queueing;

/// <summary>Somebody who waits.</summary>
internal sealed class Guest(string? caller, int number, TimeSpan since = default) : IQueued<Guest>
{
    private QueueLink<Guest> _link;

    public ref QueueLink<Guest> Link => ref _link;

    public TimeSpan Since { get; } = since;

    public string? Caller { get; } = caller;

    public int Number { get; } = number;

    public override string ToString() => $"{Caller}{Number}";
}

/// <summary>A queue and who stands in it, in the order in which they came.</summary>
internal sealed class QueueUnderTest(FairnessRules? rules = null)
{
    private int _number;

    public FairQueue<Guest> Queue { get; } = new(rules);

    public List<Guest> Standing { get; } = [];

    public static FairnessRules Fair(int maxCallers = 100, params (string Caller, int Weight)[] weights) => new(weights.ToDictionary(w => w.Caller, w => w.Weight), maxCallers);

    public Guest Join(string? caller, TimeSpan since = default)
    {
        var guest = new Guest(caller, ++_number, since);
        Queue.Add(guest, caller);
        Standing.Add(guest);
        return guest;
    }

    public void Join(string caller, int count)
    {
        for (var n = 0; n < count; n++) Join(caller);
    }

    public Guest Serve()
    {
        var first = Queue.First;
        var guest = Queue.TakeFirst();
        Assert.Same(first, guest);
        Standing.Remove(guest);
        return guest;
    }

    public void Leave(Guest guest)
    {
        Queue.Remove(guest);
        Standing.Remove(guest);
    }

    /// <summary>Who is served next, by caller.</summary>
    public string Serve(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => Serve().Caller));
}
