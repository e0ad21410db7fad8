namespace OrleansPool.Core.Limits.Laws;

/// <summary>
/// A control law: a pure function from what it knew and an epoch's sample to the next limit and the reason. No clock, no lock, no I/O; the same input
/// gives the same output. Implementations have no mutable state and may be shared.
/// </summary>
public interface ILimitLaw
{
    /// <summary>The name under which configuration selects it.</summary>
    string Name { get; }

    /// <summary>Where it begins.</summary>
    /// <param name="bounds">Between what it may move.</param>
    /// <param name="remembered">What an earlier process left; null at the very first start.</param>
    LimitDecision Start(in LimitBounds bounds, LimitMemory? remembered);

    /// <summary>The next limit.</summary>
    /// <param name="last">Its last decision.</param>
    /// <param name="epoch">What was seen since.</param>
    /// <param name="bounds">Between what it may move; the result lies within.</param>
    LimitDecision Next(LimitDecision last, EpochSample epoch, in LimitBounds bounds);

    /// <summary>What is worth keeping over a restart.</summary>
    LimitMemory Remember(LimitDecision last);
}
