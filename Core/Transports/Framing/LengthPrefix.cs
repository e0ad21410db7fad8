namespace OrleansPool.Core.Transports.Framing;

/// <summary>Where a frame's length stands in its header, and what it counts.</summary>
/// <param name="Bytes">Bytes of the number: 1, 2, 4 or 8.</param>
/// <param name="Offset">Bytes before it, which belong to the frame. 0 or more.</param>
/// <param name="IsLittleEndian">True when the lowest byte comes first; network order is false.</param>
/// <param name="IncludesHeader">True when the number counts the whole frame, false when it counts what follows the number.</param>
public readonly record struct LengthPrefix(int Bytes, int Offset, bool IsLittleEndian, bool IncludesHeader)
{
    /// <summary>Bytes up to the end of the number.</summary>
    public int HeaderLength => Offset + Bytes;
}
