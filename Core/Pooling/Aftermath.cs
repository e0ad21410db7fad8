using OrleansPool.Core.Pooling.Health;
using OrleansPool.Core.Pooling.Queueing;

namespace OrleansPool.Core.Pooling;

/// <summary>
/// What a change under the pool's lock leaves to be done after it: nothing that runs foreign code, completes a task or touches a socket may happen
/// inside. Filled under the lock, run once behind it.
/// </summary>
internal struct Aftermath
{
    private Waiter? _served;
    private PooledChannel? _closing;
    private List<PooledChannel>? _moreClosing;
    private UpstreamHost? _blamed;
    private List<AddressChange>? _changes;
    private List<HeldLease>? _leaks;
    private List<PooledChannel>? _closed;

    /// <summary>Connections to start; their slots are reserved already.</summary>
    public int Connects { get; set; }

    /// <summary>When to look again for connections to open, because the pace holds them back now; zero for no such need.</summary>
    public TimeSpan LookAgainIn { get; set; }

    /// <summary>True when the attempts to connect under way are to be ended, before any new one.</summary>
    public bool Withdraws { get; set; }

    /// <summary>True when whoever renews the share is to be told that it is used up.</summary>
    public bool Starves { get; set; }

    /// <summary>A waiter, already out of the queue, to be told what it was handed.</summary>
    public void Tell(Waiter waiter, AcquireResult handed)
    {
        waiter.Handed = handed;
        waiter.NextServed = _served;
        _served = waiter;
    }

    /// <summary>A channel whose socket is to be closed.</summary>
    public void Close(PooledChannel channel)
    {
        if (_closing is null) _closing = channel;
        else (_moreClosing ??= []).Add(channel);
    }

    /// <summary>What became of an address, for the log.</summary>
    public void Note(AddressChange change) => (_changes ??= []).Add(change);

    /// <summary>A lease that is out too long, for the log.</summary>
    public void Note(HeldLease lease) => (_leaks ??= []).Add(lease);

    /// <summary>A channel whose socket is closed, for the metrics.</summary>
    public void NoteClosed(PooledChannel channel) => (_closed ??= []).Add(channel);

    /// <summary>Channels whose sockets are closed; null for none.</summary>
    public readonly List<PooledChannel>? Closed => _closed;

    /// <summary>Leases that are out too long, told for the first time; null for none.</summary>
    public readonly List<HeldLease>? Leaks => _leaks;

    /// <summary>What became of addresses; null for nothing.</summary>
    public readonly IReadOnlyList<AddressChange>? Changes => _changes;

    /// <summary>A host whose channel died before it was of any use.</summary>
    public void Blame(UpstreamHost host) => _blamed = host;

    /// <summary>Does what is due, except for the connections.</summary>
    public readonly void Run()
    {
        for (var waiter = _served; waiter is not null;)
        {
            var next = waiter.NextServed;
            waiter.NextServed = null;
            waiter.Tell(waiter.Handed);
            waiter = next;
        }

        _closing?.Transport.Dispose();
        _moreClosing?.ForEach(channel => channel.Transport.Dispose());
        _ = _blamed?.ReportStillbornAsync();
    }
}
