namespace OrleansPool.Core.Model.Failures;

/// <summary>Who failed.</summary>
public enum Party
{
    /// <summary>Whoever made the call.</summary>
    Caller,

    /// <summary>OrleansPool.</summary>
    Pool,

    /// <summary>The service behind the endpoint, or the network to it.</summary>
    Upstream,
}
