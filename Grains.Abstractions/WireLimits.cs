namespace OrleansPool.Grains.Abstractions;

/// <summary>Bounds of what travels between client and silo.</summary>
public static class WireLimits
{
    /// <summary>
    /// Bytes of a body in one message at most. Orleans buffers a message whole on both sides, one connection carries the messages of all, and a message
    /// above its own bound of 100 MB would close that connection for everybody.
    /// </summary>
    public const int MaxBodyBytes = 64 * 1024;

    /// <summary>Characters in all header names and values of one message at most.</summary>
    public const int MaxHeaderChars = 256 * 1024;

    /// <summary>Calls may take as long as they like: their own deadlines end them, and a silo's death is told by its heartbeat, not by this.</summary>
    internal const string CallTimeout = "1.00:00:00";

    /// <summary>A beat is answered at once or not at all.</summary>
    internal const string BeatTimeout = "00:00:02";

    /// <summary>A holder asks anew long before this, and lives on its share meanwhile.</summary>
    internal const string RenewTimeout = "00:00:03";

    /// <summary>A page does not wait for longer.</summary>
    internal const string ViewTimeout = "00:00:05";
}
