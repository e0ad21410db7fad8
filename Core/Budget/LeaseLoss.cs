namespace OrleansPool.Core.Budget;

/// <summary>What a holder does with connections above its floor when its lease ends and nobody grants.</summary>
public enum LeaseLoss
{
    /// <summary>It closes them, calls in flight or not: the cap holds (rule sever).</summary>
    Sever,

    /// <summary>It lets calls in flight finish. The cap may be exceeded by what this holder still has open.</summary>
    Drain,
}
