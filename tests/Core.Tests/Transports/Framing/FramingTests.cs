using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OrleansPool.Core.Transports.Framing;

namespace OrleansPool.Core.Tests.Transports.Framing;

/// <summary>Any split of a stream into reads gives the same frames, in every framing; what breaks one is told, and nothing is scanned beyond.</summary>
public class FramingTests
{
    private static readonly Dictionary<string, (IFraming Framing, Func<byte[], byte[]> Frame)> _framings = new()
    {
        ["fixed"] = (new FixedFraming(7), payload => [.. payload.Concat(new byte[7]).Take(7)]),
        ["delimiter"] = (new DelimiterFraming("\n"u8), payload => [.. payload.Where(b => b != '\n'), (byte)'\n']),
        ["long delimiter"] = (new DelimiterFraming("aab"u8), payload => [.. payload.Select(b => (byte)(b % 2 == 0 ? 'a' : 'c')), (byte)'c', .. "aaab"u8]),
        ["content-length"] = (new ContentLengthFraming(), payload => [.. Encoding.ASCII.GetBytes($"Content-Type: x\r\ncontent-length: {payload.Length}\r\n\r\n"), .. payload]),
        ["1 byte"] = Prefixed(new LengthPrefix(1, 0, false, false)),
        ["2 bytes, little"] = Prefixed(new LengthPrefix(2, 1, true, false)),
        ["4 bytes, whole"] = Prefixed(new LengthPrefix(4, 0, false, true)),
        ["4 bytes, little, whole"] = Prefixed(new LengthPrefix(4, 3, true, true)),
        ["8 bytes"] = Prefixed(new LengthPrefix(8, 2, false, false)),
    };

    public static TheoryData<string> Names => [.. _framings.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Stream_CutAnywhere_GivesTheFramesThatWerePutIn(string name)
    {
        var (framing, frame) = _framings[name];
        var payload = Gen.ArrayOf(Gen.Choose(0, 255)).Resize(40);
        var cases = Arb.From(Gen.ListOf(payload).Resize(6).Zip(Gen.ListOf(Gen.Choose(0, 10_000)).Resize(30)));
        Prop.ForAll(cases, test =>
        {
            byte[][] frames = [.. test.Item1.Select(numbers => frame([.. numbers.Select(n => (byte)n)]))];
            var stream = frames.SelectMany(f => f).ToArray();
            foreach (var scanner in new[] { framing.Requests(), framing.Replies() })
            {
                var scanned = Scanned.Of(scanner, stream, test.Item2);
                Assert.Null(scanned.Error);
                Assert.Equal(frames, scanned.Frames);
                Assert.Empty(scanned.Rest);
                Assert.True(scanner.IsBetweenFrames);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Stream_OfAnything_CutAnywhere_IsTheSameAsInOnePiece(string name)
    {
        var framing = _framings[name].Framing;
        var cases = Arb.From(Gen.ArrayOf(Gen.Frequency((4, Gen.Choose(0, 4)), (1, Gen.Choose(0, 255)))).Resize(60).Zip(Gen.ListOf(Gen.Choose(0, 10_000)).Resize(30)));
        Prop.ForAll(cases, test =>
        {
            byte[] stream = [.. test.Item1.Select(n => (byte)n)];
            var (whole, cut) = (Scanned.Of(Bounded(framing), stream), Scanned.Of(Bounded(framing), stream, test.Item2));
            Assert.Equal(whole.Frames, cut.Frames);
            Assert.Equal(whole.Error is null, cut.Error is null);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Frame_AsLongAsAllowed_Passes_AndOneByteMoreIsToldWithBoth(string name)
    {
        var (framing, frame) = _framings[name];
        var bytes = frame([.. Enumerable.Repeat((byte)2, 90)]);
        var scanner = framing.Requests();
        scanner.MaxBytes = bytes.Length;
        Assert.Single(Scanned.Of(scanner, bytes).Frames);
        scanner.MaxBytes = bytes.Length - 1;
        Assert.Equal($"A frame has {bytes.Length} bytes or more; at most {bytes.Length - 1} are allowed", Scanned.Of(scanner, bytes).Error);
    }

    [Theory]
    [InlineData("4 bytes, whole", "7F FF FF FF")]
    [InlineData("8 bytes", "00 00 00 00 01 00 00 00 00 00")]
    public void Frame_ThatAnnouncesTooMuch_IsToldBeforeItComes(string name, string header)
    {
        var scanner = Bounded(_framings[name].Framing);
        Assert.EndsWith("at most 50 are allowed", Scanned.Of(scanner, Convert.FromHexString(header.Replace(" ", "", StringComparison.Ordinal))).Error);
    }

    [Theory]
    [InlineData("00 00 00 03", 4, true, "A frame announces 3 bytes, fewer than its header of 4 has")]
    [InlineData("FF FF FF FF FF FF FF FF", 8, false, "A frame announces 18446744073709551615 bytes")]
    [InlineData("7F FF FF FF FF FF FF FF", 8, false, "A frame announces 9223372036854775807 bytes")]
    public void LengthPrefix_ThatCannotBe_IsTold(string header, int bytes, bool includesHeader, string error) => Assert.Equal(
        error, Scanned.Of(new LengthPrefixFraming(new LengthPrefix(bytes, 0, false, includesHeader)).Requests(), Convert.FromHexString(header.Replace(" ", "", StringComparison.Ordinal))).Error);

    [Theory]
    [InlineData("\r\n\r\n", "A frame has no Content-Length")]
    [InlineData("Content-Type: x\r\n\r\n", "A frame has no Content-Length")]
    [InlineData("Content-Length 5\r\n\r\n", "A frame's header line has no name and colon")]
    [InlineData(": 5\r\n\r\n", "A frame's header line has no name and colon")]
    [InlineData("Content-Length: -5\r\n\r\n", "A frame's Content-Length is no number, or stands there twice")]
    [InlineData("Content-Length: 5x\r\n\r\n", "A frame's Content-Length is no number, or stands there twice")]
    [InlineData("Content-Length:\r\n\r\n", "A frame's Content-Length is no number, or stands there twice")]
    [InlineData("Content-Length: 5\r\nContent-Length: 5\r\n\r\n", "A frame's Content-Length is no number, or stands there twice")]
    [InlineData("Content-Length: 9223372036854775807\r\n\r\n", "A frame announces 9223372036854775807 bytes")]
    public void ContentLength_ThatCannotBe_IsTold(string header, string error) =>
        Assert.Equal(error, Scanned.Of(new ContentLengthFraming().Requests(), Encoding.ASCII.GetBytes(header)).Error);

    [Fact]
    public void ContentLength_HeadersWithoutEnd_AreTold() =>
        Assert.Equal("A frame's headers have more than 4096 bytes", Scanned.Of(new ContentLengthFraming().Requests(), [.. Enumerable.Repeat((byte)'a', 4097)]).Error);

    [Theory]
    [InlineData("content-length", 38)]
    [InlineData("2 bytes, little", 3)]
    [InlineData("delimiter", 0)]
    public void HeaderLength_IsWhatComesBeforeThePayload(string name, int length)
    {
        var (framing, frame) = _framings[name];
        var scanner = framing.Requests();
        Scanned.Of(scanner, frame([1, 2, 3]));
        Assert.Equal(length, scanner.HeaderLength);
    }

    private static FrameScanner Bounded(IFraming framing)
    {
        var scanner = framing.Requests();
        scanner.MaxBytes = 50;
        return scanner;
    }

    private static (IFraming Framing, Func<byte[], byte[]> Frame) Prefixed(LengthPrefix prefix) =>
        (new LengthPrefixFraming(prefix), payload => [.. Enumerable.Repeat((byte)9, prefix.Offset), .. Number(prefix, payload.Length), .. payload]);

    private static byte[] Number(LengthPrefix prefix, int payload)
    {
        var number = new byte[8];
        var value = payload + (prefix.IncludesHeader ? prefix.HeaderLength : 0);
        if (prefix.IsLittleEndian) BinaryPrimitives.WriteInt64LittleEndian(number, value);
        else BinaryPrimitives.WriteInt64BigEndian(number, value);
        return prefix.IsLittleEndian ? number[..prefix.Bytes] : number[^prefix.Bytes..];
    }
}
