namespace OrleansPool.Core.Model;

/// <summary>
/// Bodies of messages that are in memory, every time the same: they can be looked at before they are sent, and sent again.
/// </summary>
public static class WholeContent
{
    /// <summary>True for one of these, and for no body at all. What derives from them may do otherwise, and is none.</summary>
    public static bool Is(HttpContent? content) =>
        content is null || content.GetType() is var type
        && (type == typeof(ByteArrayContent) || type == typeof(ReadOnlyMemoryContent) || type == typeof(StringContent) || type == typeof(FormUrlEncodedContent));

    /// <summary>The bytes of one of these.</summary>
    internal static ReadOnlyMemory<byte> Copy(HttpContent? content)
    {
        if (content is null) return default;
        var copy = new MemoryStream();
        content.CopyTo(copy, context: null, CancellationToken.None);
        return copy.GetBuffer().AsMemory(0, (int)copy.Length);
    }
}
