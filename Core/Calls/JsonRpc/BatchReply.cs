using System.Buffers;

namespace OrleansPool.Core.Calls.JsonRpc;

/// <summary>Puts the answers to a batch together, in the order of its messages, whatever the order in which they come. Thread-safe.</summary>
/// <param name="messages">How many messages the batch has.</param>
internal sealed class BatchReply(int messages)
{
    private readonly ReadOnlyMemory<byte>[] _answers = new ReadOnlyMemory<byte>[messages];
    private int _left = messages;

    /// <summary>Notes what came of one message, once for each.</summary>
    /// <param name="at">Its place in the batch.</param>
    /// <param name="answer">Its answer; empty for one that is not answered.</param>
    /// <returns>The whole answer with the last of them; empty before, and when no message is answered.</returns>
    public ReadOnlyMemory<byte> Put(int at, ReadOnlyMemory<byte> answer)
    {
        _answers[at] = answer;
        return Interlocked.Decrement(ref _left) == 0 ? Whole() : default;
    }

    private ReadOnlyMemory<byte> Whole()
    {
        var whole = new ArrayBufferWriter<byte>();
        foreach (var answer in _answers)
        {
            if (answer.IsEmpty) continue;
            whole.Write(whole.WrittenCount == 0 ? "["u8 : ","u8);
            whole.Write(answer.Span);
        }

        if (whole.WrittenCount > 0) whole.Write("]"u8);
        return whole.WrittenMemory;
    }
}
