namespace OrleansPool.Core.Diagnostics;

/// <summary>The number of every log event; stable, never reused. Hundreds by area: 1 pool, 2 addresses, 3 calls, 4 hosting, 5 gateway, 6 cluster.</summary>
public static class EventIds
{
    /// <summary>A round of attempts to open a channel failed.</summary>
    public const int ConnectFailed = 101;

    /// <summary>Calls in flight were cut at the end of the drain.</summary>
    public const int DrainCut = 102;

    /// <summary>A lease came back twice, or to the wrong pool.</summary>
    public const int StrayReturn = 103;

    /// <summary>An endpoint's addresses changed.</summary>
    public const int AddressesChanged = 201;

    /// <summary>A host name has no address; the last good ones stay.</summary>
    public const int ResolveFailed = 202;

    /// <summary>A call failed through a bug in the pool.</summary>
    public const int CallFault = 301;

    /// <summary>A caller left before its call was over.</summary>
    public const int CallerLeft = 302;

    /// <summary>All endpoints are warm.</summary>
    public const int Ready = 401;

    /// <summary>Shutting down: new calls are refused.</summary>
    public const int DrainStarted = 402;

    /// <summary>All calls finished, or were cut.</summary>
    public const int DrainEnded = 403;
}
