namespace OrleansPool.Bench.LimitLab.Simulation;

/// <summary>Whatever something can happen to.</summary>
internal interface IEventTarget
{
    /// <summary>It happens now, by the <see cref="Clock"/>.</summary>
    /// <param name="what">What, in the target's own numbering.</param>
    /// <param name="tag">A number that came with the event: a version, an index.</param>
    /// <param name="subject">What it happens with, if anything.</param>
    void Happen(int what, long tag, object? subject);
}
