using System.Text.Json;

namespace OrleansPool.Core.Transports.JsonRpc;

/// <summary>A batch is taken apart before anything of it is sent (JSON-RPC 2.0, section 6).</summary>
internal static class Batch
{
    /// <summary>True when a message is a batch, or begins like one.</summary>
    public static bool IsBatch(ReadOnlySpan<byte> bytes)
    {
        var start = bytes.IndexOfAnyExcept(" \t\r\n"u8);
        return start >= 0 && bytes[start] == '[';
    }

    /// <summary>Finds where its messages stand; whether they are any is told by a scan of each.</summary>
    /// <param name="bytes">All of the batch, and nothing else but white space.</param>
    /// <param name="maxDepth">How deep each of its messages may be nested.</param>
    /// <param name="maxMessages">How many messages it may have.</param>
    /// <param name="messages">Where they stand, in order.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public static MessageFault? Split(ReadOnlySpan<byte> bytes, int maxDepth, int maxMessages, out List<Slice> messages)
    {
        messages = [];
        var json = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = maxDepth + 1 });
        try
        {
            json.Read();
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)json.TokenStartIndex;
                json.Skip();
                messages.Add(new Slice(start, (int)json.BytesConsumed));
            }

            json.Read();
        }
        catch (JsonException e)
        {
            return MessageScanner.NotJson(e, json, maxDepth + 1);
        }

        if (messages.Count == 0) return new MessageFault(true, "The batch is empty.");
        return messages.Count <= maxMessages ? null : new MessageFault(true, $"The batch has {messages.Count} messages; at most {maxMessages} are taken.");
    }
}
