namespace OrleansPool.Core.Transports.Http;

/// <summary>
/// The RST_STREAM frames of a peer that no call has been told of yet, by error code. The HTTP handler throws the same kind of exception when a peer resets
/// one call and when a whole connection fails, a ping without an answer for one; only the frame tells them apart. Thread-safe.
/// </summary>
internal sealed class PeerResets
{
    private const uint RefusedStream = 7;

    // The codes of RFC 9113, section 7, and one place for all others.
    private readonly int[] _unclaimed = new int[15];

    /// <summary>True once the peer has refused a call (REFUSED_STREAM), which the HTTP handler repeats by itself.</summary>
    public bool HaveRefused { get; private set; }

    /// <summary>A frame came.</summary>
    public void Note(uint errorCode)
    {
        HaveRefused |= errorCode == RefusedStream;
        Interlocked.Increment(ref Place(errorCode));
    }

    /// <summary>
    /// True when a frame with this code came that no other call was told of. A frame for a call that was over by then stays unclaimed, so a later failure
    /// of the connection with the same code can be taken for a reset.
    /// </summary>
    public bool TryClaim(long errorCode)
    {
        ref var place = ref Place(errorCode);
        for (var left = Volatile.Read(ref place); left > 0; left = Volatile.Read(ref place))
        {
            if (Interlocked.CompareExchange(ref place, left - 1, left) == left) return true;
        }

        return false;
    }

    private ref int Place(long errorCode) => ref _unclaimed[(int)Math.Min(errorCode, _unclaimed.Length - 1)];
}
