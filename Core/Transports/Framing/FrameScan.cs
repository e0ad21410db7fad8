namespace OrleansPool.Core.Transports.Framing;

/// <summary>What a piece of a stream holds of the present frame.</summary>
public readonly record struct FrameScan
{
    private FrameScan(int count, bool isEnd, string? error) => (Count, IsEnd, Error) = (count, isEnd, error);

    /// <summary>Bytes of the piece, from its beginning, that belong to the present frame.</summary>
    public int Count { get; }

    /// <summary>True when the frame is complete with them.</summary>
    public bool IsEnd { get; }

    /// <summary>What is wrong with the stream, one sentence, or null. Nothing after it can be told apart any more.</summary>
    public string? Error { get; }

    /// <summary>The whole piece belongs to the frame, and more is to come.</summary>
    public static FrameScan More(int count) => new(count, false, null);

    /// <summary>The frame is complete with the first <paramref name="count"/> bytes.</summary>
    public static FrameScan End(int count) => new(count, true, null);

    /// <summary>The stream breaks the framing.</summary>
    public static FrameScan Broken(string error) => new(0, false, error);
}
