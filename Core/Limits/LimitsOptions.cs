namespace OrleansPool.Core.Limits;

/// <summary>How much may be in flight, how large messages may be, and how long calls may take.</summary>
public sealed class LimitsOptions
{
    /// <summary>Calls in flight at most. 1 to 1,000,000; default: all that the channels can carry, Pool:Max times Pool:CallsPerChannel.</summary>
    public int? Permits { get; set; }

    /// <summary>
    /// Bytes of a request message at most: of each message in a gRPC call, of the body otherwise. 1 to 4,294,967,295; default: no limit, as memory does
    /// not grow with the message.
    /// </summary>
    public long? MaxRequestMessageBytes { get; set; }

    /// <summary>The same for response messages. 1 to 4,294,967,295; default: no limit.</summary>
    public long? MaxResponseMessageBytes { get; set; }

    /// <summary>Deadline of calls that bring none of their own, queueing included. 1 ms to 24 h; default: none.</summary>
    public TimeSpan? DefaultDeadline { get; set; }
}
