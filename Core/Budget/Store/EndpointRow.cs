using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Budget.Store;

/// <summary>What the store knows of an endpoint's budget: who has it, and what outlives who has it.</summary>
public sealed record EndpointRow
{
    /// <summary>Name of the endpoint.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Epoch of the last authority.</summary>
    public required long Epoch { get; init; }

    /// <summary>The lease under which the last authority answers; null when it gave the budget back, and <see cref="Holders"/> is all that it had dealt.</summary>
    public LeaseKey? Owner { get; init; }

    /// <summary>True when the last authority gave the budget back before it had learned what the one before had dealt.</summary>
    public bool MustLearn { get; init; }

    /// <summary>Limit and baseline.</summary>
    public LimitMemory? Memory { get; init; }

    /// <summary>Who may have connections beyond what can be learned: floors, and after a handover all shares.</summary>
    public IReadOnlyList<HolderRecord> Holders { get; init; } = [];

    /// <summary>What operators told the endpoint for longer than until a restart; null for nothing.</summary>
    public Orders? Orders { get; init; }
}
