namespace OrleansPool.Core.Transports.Tcp;

/// <summary>What an endpoint of protocol <c>tcp</c> speaks: docs/tcp.md.</summary>
public sealed class TcpOptions
{
    /// <summary>What a caller of the listening port gets. Default session.</summary>
    public TcpMode Mode { get; set; } = TcpMode.Session;

    /// <summary>
    /// Where frames end: <c>length-prefix</c>, <c>delimiter</c>, <c>fixed</c>, <c>content-length</c>, or the name of a registered one. Default: none. Needed
    /// for exchanges.
    /// </summary>
    public string? Framing { get; set; }

    /// <summary>
    /// The operator's word that the upstream takes requests before it has answered those before them, and answers each once, in their order. Then a connection
    /// carries <c>Pool:CallsPerChannel</c> exchanges at once. Needs <see cref="Mode"/> = framed. Default false.
    /// </summary>
    public bool Pipelining { get; set; }

    /// <summary>Largest frame, either way, header included. 1 byte to 1 GB, default 1 MB.</summary>
    public int MaxFrameBytes { get; set; } = 1024 * 1024;

    /// <summary>With <c>length-prefix</c>: bytes of the number, 1, 2, 4 or 8. Default 4.</summary>
    public int LengthBytes { get; set; } = 4;

    /// <summary>With <c>length-prefix</c>: bytes of the frame before the number. 0 to 64, default 0.</summary>
    public int LengthOffset { get; set; }

    /// <summary>With <c>length-prefix</c>: which byte of the number comes first. Default big: the highest.</summary>
    public Endianness LengthEndianness { get; set; } = Endianness.Big;

    /// <summary>With <c>length-prefix</c>: whether the number counts the whole frame; else what follows the number. Default false.</summary>
    public bool LengthIncludesHeader { get; set; }

    /// <summary>How long a session lasts when its upstream has ended its side and the caller has not. 100 ms to 1 h, default 30 s.</summary>
    public TimeSpan HalfCloseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What makes the connection of a session reusable. Needs <see cref="Framing"/>. Default: none, it closes.</summary>
    public ResetOptions Reset { get; set; } = new();

    /// <summary>With <c>delimiter</c>, which needs it: the bytes that end a frame, 1 to 16, written as <see cref="EscapedBytes"/>. Default: none.</summary>
    public string? Delimiter { get; set; }

    /// <summary>With <c>fixed</c>, which needs it: bytes of every frame, 1 to <see cref="MaxFrameBytes"/>. Default: none.</summary>
    public int? FrameBytes { get; set; }
}
