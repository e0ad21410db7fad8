namespace OrleansPool.Core.Pooling;

/// <summary>What a pool may use, and until when. Immutable.</summary>
/// <param name="Permits">Calls in flight at most. 0 or more.</param>
/// <param name="Connections">Connections at most: connecting, idle, busy and draining together. 0 or more.</param>
public sealed record PoolShare(int Permits, int Connections)
{
    /// <summary>Nothing, as before the first grant.</summary>
    public static PoolShare None { get; } = new(0, 0);

    /// <summary>True when connections above <see cref="Connections"/> have to be closed hard, calls in flight or not; otherwise they drain.</summary>
    public bool MustSever { get; init; }

    /// <summary>This holder's turn in what all holders do one after the other, 0 to below 1. Default: 0, as of one that is alone.</summary>
    public double Turn { get; init; }

    /// <summary>Until when it holds, by <see cref="Model.MonotonicClock"/>: not a connection is opened later. Default: for good.</summary>
    public TimeSpan ValidUntil { get; init; } = TimeSpan.MaxValue;

    /// <summary>Who has a share while this pool has none, best first: calls are sent there, and not queued here, where they might wait for ever.</summary>
    public IReadOnlyList<string> Holders { get; init; } = [];

    /// <summary>True while calls wait, none is begun and no connection is opened for them: an operator said so.</summary>
    public bool IsPaused { get; init; }
}
