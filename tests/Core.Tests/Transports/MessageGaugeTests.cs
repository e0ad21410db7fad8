using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Tests.Transports;

/// <summary>Measuring messages as their bytes pass.</summary>
public class MessageGaugeTests
{
    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void Grpc_MessageAtTheLimit_Fits_AndOneByteMoreDoesNot(int length, bool fits) => Assert.Equal(fits, new MessageGauge(true, 100, "x").Fits(Message(length)));

    [Fact]
    public void Grpc_ManyMessages_AreMeasuredOneByOne()
    {
        var gauge = new MessageGauge(true, 100, "x");
        for (var n = 0; n < 50; n++) Assert.True(gauge.Fits(Message(100)));
        Assert.False(gauge.Fits(Message(101)));
    }

    [Fact]
    public void Grpc_PrefixAlone_IsEnoughToRefuse()
    {
        var gauge = new MessageGauge(true, 100, "Limits:MaxRequestMessageBytes");
        Assert.True(gauge.Fits([0, 0xff, 0xff, 0xff]));
        Assert.False(gauge.Fits([0xff]));
        var failure = gauge.TooLarge(FailureCode.RequestTooLarge);
        Assert.Equal((FailureCode.RequestTooLarge, "A message has 4294967295 bytes or more; Limits:MaxRequestMessageBytes = 100."), (failure.Code, failure.Detail));
    }

    [Fact]
    public void Grpc_EmptyMessages_AreMessages()
    {
        var gauge = new MessageGauge(true, 1, "x");
        Assert.True(gauge.Fits([.. Message(0), .. Message(0), .. Message(1)]));
        Assert.False(gauge.Fits([.. Message(0), .. Message(2)]));
    }

    [Fact]
    public void Gauge_OnceTooLarge_StaysSo()
    {
        var gauge = new MessageGauge(true, 1, "x");
        Assert.False(gauge.Fits(Message(2)));
        Assert.False(gauge.Fits(Message(0)));
        Assert.False(gauge.Fits([]));
    }

    [Fact]
    public void Http_Body_IsOneMessage()
    {
        var gauge = new MessageGauge(false, 100, "x");
        Assert.True(gauge.Fits(new byte[60]) && gauge.Fits(new byte[40]) && gauge.Fits([]));
        Assert.False(gauge.Fits(new byte[1]));
    }

    [Theory]
    [InlineData(false, null, false)]
    [InlineData(false, 5L, true)]
    [InlineData(true, null, true)]
    [InlineData(true, 5L, true)]
    public void For_PlainBodyWithoutALimit_IsNoGauge(bool isGrpc, long? limit, bool isWatched) => Assert.Equal(isWatched, MessageGauge.For(isGrpc, limit, "x") is not null);

    [Fact]
    public void Grpc_NoLimit_AnySizeFits_AndMessagesAreCounted()
    {
        var gauge = new MessageGauge(true, null, "x");
        Assert.Equal(0, gauge.Messages);
        Assert.True(gauge.Fits([.. Message(0), .. Message(3), 0, 0xff, 0xff, 0xff]));
        Assert.Equal(2, gauge.Messages);
        Assert.True(gauge.Fits([0xff]));
        Assert.Equal(3, gauge.Messages);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fits_AnySplitOfTheBytes_GivesTheSameVerdictNoLaterThanTheLastByteThatTells(bool isGrpc)
    {
        var cases = Gen.Choose(0, 40).ListOf().SelectMany(_ => Gen.Choose(1, 9).NonEmptyListOf(), (lengths, reads) => (Lengths: lengths.ToList(), Reads: reads.ToList()));
        Prop.ForAll(Arb.From(cases), c => HoldsFor(isGrpc, c.Lengths, c.Reads)).QuickCheckThrowOnFailure();
    }

    private static void HoldsFor(bool isGrpc, List<int> lengths, List<int> reads)
    {
        const int limit = 25;
        byte[] bytes = [.. lengths.SelectMany(Message)];
        var gauge = new MessageGauge(isGrpc, limit, "x");
        var read = 0;
        for (var at = 0; at < bytes.Length; read++)
        {
            var count = Math.Min(reads[read % reads.Count], bytes.Length - at);
            var fits = gauge.Fits(bytes.AsSpan(at, count));
            at += count;
            Assert.Equal(TellsTooLargeAt(isGrpc, lengths, limit) > at, fits);
        }

        Assert.Equal(isGrpc ? lengths.Count : 0, gauge.Messages);
    }

    /// <summary>How many bytes must have passed before it is known that a message is too large.</summary>
    private static int TellsTooLargeAt(bool isGrpc, List<int> lengths, int limit)
    {
        if (!isGrpc) return limit + 1;
        var at = 0;
        foreach (var length in lengths)
        {
            if (length > limit) return at + 5;
            at += 5 + length;
        }

        return int.MaxValue;
    }

    private static byte[] Message(int length)
    {
        // The payload is all ones, so that a prefix read at the wrong place claims gigabytes.
        var message = new byte[5 + length];
        message.AsSpan(5).Fill(0xff);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), length);
        return message;
    }
}
