namespace OrleansPool.Core.Limits.Sampling;

/// <summary>How a call that counts as dropped went wrong.</summary>
public enum DropKind
{
    /// <summary>It was not dropped.</summary>
    None,

    /// <summary>The deadline passed while the upstream had it.</summary>
    Timeout,

    /// <summary>The upstream said that it is too much: RESOURCE_EXHAUSTED, 429, 503 with or without Retry-After, ENHANCE_YOUR_CALM.</summary>
    PushBack,

    /// <summary>A reset, a broken connection, UNAVAILABLE: no answer of the service itself.</summary>
    Failure,
}
