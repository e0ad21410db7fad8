namespace OrleansPool.Bench.LimitLab.Runs;

/// <summary>Who runs the law.</summary>
internal enum Scope
{
    /// <summary>Every holder for itself.</summary>
    Local,

    /// <summary>The budget, for all.</summary>
    Cluster,
}
