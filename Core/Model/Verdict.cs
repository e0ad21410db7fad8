namespace OrleansPool.Core.Model;

/// <summary>What one finished call teaches the limit. An error that the upstream answered in good time is still a success here.</summary>
public enum Verdict
{
    /// <summary>The call says nothing about the upstream's load: the caller left, or it never got there.</summary>
    Ignored,

    /// <summary>The upstream answered; its response time counts.</summary>
    Success,

    /// <summary>The upstream is over its head: a timeout, a reset, or push-back (RESOURCE_EXHAUSTED, UNAVAILABLE, 429, 503).</summary>
    Dropped,
}
