namespace OrleansPool.Grains.Abstractions;

/// <summary>Response times of one class of methods: those buckets of the engine's histogram that are not empty.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleanspool.ResponseTimesMessage")]
public sealed class ResponseTimesMessage
{
    /// <summary>The class.</summary>
    [Id(0)]
    public int MethodClass { get; init; }

    /// <summary>Sum of the response times.</summary>
    [Id(1)]
    public TimeSpan Sum { get; init; }

    /// <summary>Alternating bucket and count.</summary>
    [Id(2)]
    public required int[] Buckets { get; init; }
}
