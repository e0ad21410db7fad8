namespace OrleansPool.Core.Diagnostics;

/// <summary>The number of every log event; stable, never reused. Hundreds by area: 1 pool, 2 addresses, 3 calls, 4 hosting, 5 gateway, 6 cluster, 7 budget, 8 JSON-RPC.</summary>
public static class EventIds
{
    /// <summary>A round of attempts to open a channel failed.</summary>
    public const int ConnectFailed = 101;

    /// <summary>Calls in flight were cut at the end of the drain.</summary>
    public const int DrainCut = 102;

    /// <summary>A lease came back twice, or to the wrong pool.</summary>
    public const int StrayReturn = 103;

    /// <summary>A lease is held for longer than the threshold.</summary>
    public const int Leak = 104;

    /// <summary>An endpoint's addresses changed.</summary>
    public const int AddressesChanged = 201;

    /// <summary>A host name has no address; the last good ones stay.</summary>
    public const int ResolveFailed = 202;

    /// <summary>An address gets no calls for a while.</summary>
    public const int AddressEjected = 203;

    /// <summary>An address gets calls again.</summary>
    public const int AddressBack = 204;

    /// <summary>No address is well, so all get calls.</summary>
    public const int PanicBegan = 205;

    /// <summary>An address is well again.</summary>
    public const int PanicEnded = 206;

    /// <summary>A call failed through a bug in the pool.</summary>
    public const int CallFault = 301;

    /// <summary>A caller left before its call was over.</summary>
    public const int CallerLeft = 302;

    /// <summary>A caller of a listening port lost its connection, since its protocol has no other word for a failure.</summary>
    public const int CallerCut = 303;

    /// <summary>All endpoints are warm.</summary>
    public const int Ready = 401;

    /// <summary>Shutting down: new calls are refused.</summary>
    public const int DrainStarted = 402;

    /// <summary>All calls finished, or were cut.</summary>
    public const int DrainEnded = 403;

    /// <summary>A changed configuration is in force.</summary>
    public const int ConfigurationChanged = 404;

    /// <summary>A changed configuration was refused; the one before stays in force.</summary>
    public const int ConfigurationRefused = 405;

    /// <summary>Keys were changed that hold from the next start only.</summary>
    public const int ConfigurationNeedsRestart = 406;

    /// <summary>An operator told an endpoint or the host something, or tried.</summary>
    public const int OperatorTold = 501;

    /// <summary>Somebody without the right to wanted to tell something.</summary>
    public const int OperatorRefused = 502;

    /// <summary>A silo that calls were forwarded to does not answer.</summary>
    public const int PeerSilent = 601;

    /// <summary>A silo that did not answer does so again.</summary>
    public const int PeerAnswers = 602;

    /// <summary>A holder got no answer from its budget.</summary>
    public const int RenewFailed = 701;

    /// <summary>A holder's lease ended without a new one.</summary>
    public const int LeaseEnded = 702;

    /// <summary>A holder has a lease again.</summary>
    public const int LeaseRegained = 703;

    /// <summary>An endpoint's budget is held here from now on.</summary>
    public const int BudgetTaken = 704;

    /// <summary>An endpoint's budget is no longer held here.</summary>
    public const int BudgetLost = 705;

    /// <summary>The budget's store cannot be reached.</summary>
    public const int StoreFailed = 706;

    /// <summary>This silo's lease in the store was fenced by another.</summary>
    public const int SiloFenced = 707;

    /// <summary>This silo fenced another's lease in the store.</summary>
    public const int OtherFenced = 708;

    /// <summary>The row of an endpoint's budget could not be written.</summary>
    public const int RowFailed = 709;

    /// <summary>Budgets could not be handed over to their next holder.</summary>
    public const int HandOverFailed = 710;

    /// <summary>The minimums of all hosts together are more than an endpoint's cap.</summary>
    public const int MinimumsBeyondCap = 711;

    /// <summary>An upstream answered under an id that was never given out.</summary>
    public const int UnknownReply = 801;
}
