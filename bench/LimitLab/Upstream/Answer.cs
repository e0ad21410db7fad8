namespace OrleansPool.Bench.LimitLab.Upstream;

/// <summary>How the upstream ended a call.</summary>
internal enum Answer
{
    /// <summary>It did the work.</summary>
    Done,

    /// <summary>It said that it is too much.</summary>
    PushBack,

    /// <summary>It broke the call.</summary>
    Failure,
}
