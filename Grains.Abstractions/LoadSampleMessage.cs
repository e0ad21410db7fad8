namespace OrleansPool.Grains.Abstractions;

/// <summary>What a silo saw of an endpoint during a span of time; the meaning of each part is that of the engine's LoadSample.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleanspool.LoadSampleMessage")]
public sealed class LoadSampleMessage
{
    /// <summary>The time it covers.</summary>
    [Id(0)]
    public TimeSpan Span { get; init; }

    /// <summary>Calls that ended well.</summary>
    [Id(1)]
    public long Good { get; init; }

    /// <summary>Calls dropped by their deadline.</summary>
    [Id(2)]
    public long Timeouts { get; init; }

    /// <summary>Calls pushed back.</summary>
    [Id(3)]
    public long PushBacks { get; init; }

    /// <summary>Calls that broke.</summary>
    [Id(4)]
    public long Failures { get; init; }

    /// <summary>Calls that say nothing of the load.</summary>
    [Id(5)]
    public long Ignored { get; init; }

    /// <summary>Response times of the good calls, by class of method; classes without any are left out.</summary>
    [Id(6)]
    public required ResponseTimesMessage[] ResponseTimes { get; init; }

    /// <summary>Integral of calls in flight.</summary>
    [Id(7)]
    public double InFlightSeconds { get; init; }

    /// <summary>The part of it that came from streams.</summary>
    [Id(8)]
    public double StreamSeconds { get; init; }

    /// <summary>Most calls in flight at once.</summary>
    [Id(9)]
    public int PeakInFlight { get; init; }

    /// <summary>Time during which its permits were used up.</summary>
    [Id(10)]
    public double BoundSeconds { get; init; }

    /// <summary>Integral of waiting calls.</summary>
    [Id(11)]
    public double WaitingSeconds { get; init; }

    /// <summary>Calls that got a permit after a wait.</summary>
    [Id(12)]
    public long Waited { get; init; }

    /// <summary>Calls refused.</summary>
    [Id(13)]
    public long Refused { get; init; }

    /// <summary>Age of the oldest call in flight.</summary>
    [Id(14)]
    public TimeSpan OldestOpen { get; init; }

    /// <summary>Permits it had at the end.</summary>
    [Id(15)]
    public int Permits { get; init; }

    /// <summary>How long its last request was under way.</summary>
    [Id(16)]
    public TimeSpan RoundTrip { get; init; }

    /// <summary>Time that the upstream had the calls that timed out, in call-seconds.</summary>
    [Id(17)]
    public double TimeoutSeconds { get; init; }

    /// <summary>Calls that asked for a permit.</summary>
    [Id(18)]
    public long Asked { get; init; }
}
