namespace OrleansPool.Core.Diagnostics;

/// <summary>What an endpoint's upstreams sent without being asked, since the start: what was nobody's, and what a session got. Thread-safe.</summary>
public sealed class JsonRpcTotals
{
    private long _lateReplies;
    private long _unknownReplies;
    private long _notifications;
    private long _requests;
    private long _cancels;
    private long _delivered;

    /// <summary>Answers to calls that were over: their callers left, their deadlines passed, or they had been answered before.</summary>
    public long LateReplies => Interlocked.Read(ref _lateReplies);

    /// <summary>Answers with an id that was never given out.</summary>
    public long UnknownReplies => Interlocked.Read(ref _unknownReplies);

    /// <summary>Notifications, which on a channel shared by many callers are for none of them.</summary>
    public long Notifications => Interlocked.Read(ref _notifications);

    /// <summary>Requests, which were refused.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Notifications <c>$/cancelRequest</c> of callers, which were not passed on: upstream their ids are those of other callers' calls.</summary>
    public long Cancels => Interlocked.Read(ref _cancels);

    /// <summary>Notifications and requests that came on a session's own connection and were handed to its caller.</summary>
    public long Delivered => Interlocked.Read(ref _delivered);

    internal void CountLateReply() => Interlocked.Increment(ref _lateReplies);

    internal long CountUnknownReply() => Interlocked.Increment(ref _unknownReplies);

    internal void CountNotification() => Interlocked.Increment(ref _notifications);

    internal void CountRequest() => Interlocked.Increment(ref _requests);

    internal void CountCancel() => Interlocked.Increment(ref _cancels);

    internal void CountDelivered() => Interlocked.Increment(ref _delivered);
}
