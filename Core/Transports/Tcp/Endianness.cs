namespace OrleansPool.Core.Transports.Tcp;

/// <summary>The order of a number's bytes on the wire.</summary>
public enum Endianness
{
    /// <summary>The highest byte first: network order.</summary>
    Big,

    /// <summary>The lowest byte first.</summary>
    Little,
}
