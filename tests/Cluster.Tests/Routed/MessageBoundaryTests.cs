using OrleansPool.Client.Messages;

namespace OrleansPool.Cluster.Tests.Routed;

/// <summary>Where gRPC messages end, however the bytes are cut.</summary>
public sealed class MessageBoundaryTests
{
    private static readonly byte[] _threeMessages = [0, 0, 0, 0, 2, 7, 7, 1, 0, 0, 0, 0, .. (byte[])[0, 0, 0, 1, 1], .. new byte[257]];

    private static readonly int[] _ends = [0, 7, 12, 274];

    [Fact]
    public void Pass_ByteByByte_IsHereAtTheEndOfEachMessageOnly()
    {
        var boundary = default(MessageBoundary);
        for (var at = 1; at <= _threeMessages.Length; at++)
        {
            boundary.Pass(_threeMessages.AsSpan(at - 1, 1));
            Assert.Equal(_ends.Contains(at), boundary.IsHere);
        }
    }

    [Fact]
    public void Pass_CutAnywhere_IsHereAtTheEnd()
    {
        for (var cut = 0; cut <= _threeMessages.Length; cut++)
        {
            var boundary = default(MessageBoundary);
            boundary.Pass(_threeMessages.AsSpan(0, cut));
            Assert.Equal(_ends.Contains(cut), boundary.IsHere);
            boundary.Pass(_threeMessages.AsSpan(cut));
            Assert.True(boundary.IsHere);
        }
    }

    [Fact]
    public void LastIn_CutAnywhere_IsTheEndOfTheLastWholeMessage()
    {
        for (var cut = 0; cut <= _threeMessages.Length; cut++)
            Assert.Equal(_ends.Last(end => end <= cut), MessageBoundary.LastIn(_threeMessages.AsSpan(0, cut)));
    }
}
