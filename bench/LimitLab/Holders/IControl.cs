namespace OrleansPool.Bench.LimitLab.Holders;

/// <summary>How the holders come by their permits.</summary>
internal interface IControl
{
    /// <summary>Sum of the limits in force.</summary>
    double Limit { get; }

    /// <summary>Whether a limit is low for a moment to learn.</summary>
    bool IsProbing { get; }

    /// <summary>A process starts.</summary>
    Holder Join(int index, long generation);

    /// <summary>A process is gone.</summary>
    /// <param name="holder">Which.</param>
    /// <param name="inOrder">True when it could say so.</param>
    void Left(Holder holder, bool inOrder);

    /// <summary>A process stands still, or goes on.</summary>
    void Frozen(Holder holder, bool isFrozen);
}
