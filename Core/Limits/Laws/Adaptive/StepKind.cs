namespace OrleansPool.Core.Limits.Laws.Adaptive;

/// <summary>Why a change of the limit is watched.</summary>
internal enum StepKind
{
    /// <summary>It grew.</summary>
    Growth,

    /// <summary>It was cut because calls queued.</summary>
    Cut,

    /// <summary>It went back up, to see whether the response time really does not depend on it.</summary>
    Verify,

    /// <summary>It was lowered a little to see the upstream without queueing.</summary>
    Probe,
}
