using OrleansPool.Core.Transports.Http;

namespace OrleansPool.Core.Tests.Transports;

/// <summary>Which failures a peer's own RST_STREAM explains.</summary>
public class PeerResetsTests
{
    [Theory]
    [InlineData(0u)]
    [InlineData(8u)]
    [InlineData(13u)]
    [InlineData(14u)]
    [InlineData(uint.MaxValue)]
    public void Frame_OfACode_ExplainsOneFailureWithThatCode(uint code)
    {
        var resets = new PeerResets();
        Assert.False(resets.TryClaim(code));
        resets.Note(code);
        Assert.False(resets.TryClaim(code == 8 ? 7 : 8));
        Assert.True(resets.TryClaim(code));
        Assert.False(resets.TryClaim(code));
    }

    [Fact]
    public void Frames_ClaimedFromManyThreads_ExplainAsManyFailuresAsCame()
    {
        var resets = new PeerResets();
        for (var n = 0; n < 1000; n++) resets.Note(8);
        var claimed = 0;
        Parallel.For(0, 2000, _ =>
        {
            if (resets.TryClaim(8)) Interlocked.Increment(ref claimed);
        });
        Assert.Equal(1000, claimed);
    }
}
