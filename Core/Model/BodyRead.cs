using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Model;

/// <summary>What one read of a body gave: bytes, the end (no bytes), or a failure.</summary>
public readonly struct BodyRead
{
    /// <summary>So many bytes; none is the end.</summary>
    public BodyRead(int count) => Count = count;

    /// <summary>No more bytes, and why.</summary>
    public BodyRead(CallFailure failure) => Failure = failure;

    /// <summary>Bytes read; none at the end and with a failure.</summary>
    public int Count { get; }

    /// <summary>Why there will be no more bytes, or null.</summary>
    public CallFailure? Failure { get; }

    /// <summary>True at the proper end of the body.</summary>
    public bool IsEnd => Count == 0 && Failure is null;
}
