using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using OrleansPool.Core.Transports.Http;

namespace OrleansPool.Core.Tests.Transports;

/// <summary>Reading along in what an HTTP/2 peer sends.</summary>
public class Http2FrameScannerTests
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Reset = 3;
    private const byte Settings = 4;
    private const byte GoAway = 7;
    private const byte Ack = 1;

    [Fact]
    public void Settings_WithWhatConcernsThePool_IsReportedOnceAtItsEnd()
    {
        byte[] frame = Frame(Settings, 0, [.. Setting(1, 4096), .. Setting(3, 100), .. Setting(0xabcd, 7), .. Setting(6, 8192)]);
        Assert.Empty(Scan([frame[..^1]]));
        Assert.Equal(["settings 100 8192"], Scan([frame]));
    }

    [Theory]
    [InlineData(0u, 0)]
    [InlineData(1u, 1)]
    [InlineData(0x7fffffffu, int.MaxValue)]
    [InlineData(0x80000000u, int.MaxValue)]
    [InlineData(0xffffffffu, int.MaxValue)]
    public void Settings_AnyValue_FitsAnInt(uint sent, int reported) => Assert.Equal([$"settings {reported} -"], Scan([Frame(Settings, 0, Setting(3, sent))]));

    [Fact]
    public void Settings_SameParameterTwice_LastOneCounts() => Assert.Equal(["settings 2 -"], Scan([Frame(Settings, 0, [.. Setting(3, 1), .. Setting(3, 2)])]));

    [Fact]
    public void Settings_Empty_IsReported_ItsAcknowledgementIsNot()
    {
        // The first SETTINGS frame, which the pool waits for, may be empty.
        Assert.Equal(["settings - -"], Scan([Frame(Settings, 0, [])]));
        Assert.Empty(Scan([Frame(Settings, Ack, [])]));
        Assert.Empty(Scan([Frame(Settings, Ack, Setting(3, 1))]));
    }

    [Fact]
    public void GoAway_WithDebugData_IsReportedOnceAsSoonAsItsCodeIsHere()
    {
        byte[] frame = Frame(GoAway, 0, GoAwayPayload(11, [.. Frame(GoAway, 0, GoAwayPayload(1, []))]));
        Assert.Equal(["goaway 11"], Scan([frame]));
        Assert.Equal(["goaway 11"], Scan([frame[..(9 + 8)]]));
        Assert.Empty(Scan([frame[..(9 + 7)]]));
    }

    [Theory]
    [InlineData(Data)]
    [InlineData(Headers)]
    [InlineData((byte)6)]
    [InlineData((byte)0xff)]
    public void Payload_ThatLooksLikeFrames_IsPassedOver(byte type)
    {
        byte[] decoy = [.. Frame(Settings, 0, Setting(3, 1)), .. Frame(GoAway, 0, GoAwayPayload(2, []))];
        Assert.Equal(["goaway 9"], Scan([Frame(type, 0, decoy), Frame(GoAway, 0, GoAwayPayload(9, []))]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(11)]
    public void Settings_OfAWrongLength_KeepsInStep(int length)
    {
        byte[] payload = [.. Setting(3, 5), .. Setting(6, 6)];
        var reports = Scan([Frame(Settings, 0, payload[..length]), Frame(GoAway, 0, GoAwayPayload(9, []))]);
        Assert.Equal(length < 6 ? "settings - -" : "settings 5 -", reports[0]);
        Assert.Equal("goaway 9", Assert.Single(reports.Skip(1)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void GoAway_TooShort_SaysNothingAndKeepsInStep(int length) =>
        Assert.Equal(["settings 4 -"], Scan([Frame(GoAway, 0, new byte[length]), Frame(Settings, 0, Setting(3, 4))]));

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Reset_TooShort_SaysNothingAndKeepsInStep(int length) =>
        Assert.Equal(["reset 8"], Scan([Frame(Reset, 0, new byte[length]), Frame(Reset, 0, [0, 0, 0, 8])]));

    [Fact]
    public void Scan_AnySplitIntoReads_GivesTheReportsThatTheFramesMean()
    {
        var conversations = Frames.ListOf().SelectMany(_ => Gen.Choose(1, 40).NonEmptyListOf(), (frames, reads) => new Conversation([.. frames], [.. reads]));
        Prop.ForAll(Arb.From(conversations), c =>
        {
            byte[] bytes = [.. c.Frames.SelectMany(frame => frame.Bytes)];
            var expected = c.Frames.Select(frame => frame.Report).OfType<string>().ToList();
            Assert.Equal(expected, Scan([bytes]));
            Assert.Equal(expected, Scan(Split(bytes, c.Reads)));
            Assert.Equal(expected, Scan(bytes.Select(octet => new[] { octet })));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Scan_AnyBytesAtAll_ThrowsNothing_AndAnySplitGivesTheSame()
    {
        // Mostly small numbers: lengths that fit and types that exist, so that wrong frames follow each other.
        var octets = Gen.OneOf(Gen.Choose(0, 9), Gen.Choose(0, 255)).Select(n => (byte)n).ListOf();
        var cases = octets.SelectMany(_ => Gen.Choose(1, 12).NonEmptyListOf(), (bytes, reads) => (Bytes: bytes.ToArray(), Reads: reads.ToList()));
        Prop.ForAll(Arb.From(cases), c => Assert.Equal(Scan([c.Bytes]), Scan(Split(c.Bytes, c.Reads)))).QuickCheckThrowOnFailure();
    }

    private static Gen<SentFrame> Frames => Gen.OneOf(SettingsFrames, ResetFrames, GoAwayFrames, ShortGoAwayFrames, OtherFrames);

    // Up to five bytes too many make the frame malformed; what is whole in it still counts.
    private static Gen<SentFrame> SettingsFrames => SettingLists.SelectMany(_ => Gen.Choose(-5, 5), (settings, tooMany) =>
    {
        byte[] frame = Frame(Settings, 0, [.. settings.SelectMany(s => Setting(s.Id, s.Value)), .. new byte[Math.Max(0, tooMany)]]);
        return new SentFrame(frame, $"settings {Last(settings, 3)} {Last(settings, 6)}");
    });

    private static Gen<List<(ushort Id, uint Value)>> SettingLists =>
        Gen.Two(Gen.Choose(0, 7)).Select(pair => ((ushort)pair.Item1, (uint)pair.Item2 * 0x2000_0001)).ListOf().Select(settings => settings.ToList());

    private static Gen<SentFrame> ResetFrames => Gen.Choose(0, 13).Select(code => new SentFrame(Frame(Reset, 0, [0, 0, 0, (byte)code]), $"reset {code}"));

    private static Gen<SentFrame> GoAwayFrames => Gen.Choose(0, 13).SelectMany(_ => Gen.Choose(0, 30), (code, debug) =>
        new SentFrame(Frame(GoAway, 0, GoAwayPayload((uint)code, Enumerable.Repeat((byte)4, debug))), $"goaway {code}"));

    private static Gen<SentFrame> ShortGoAwayFrames => Gen.Choose(0, 7).Select(length => new SentFrame(Frame(GoAway, 0, new byte[length]), null));

    // Bytes that are types, flags and lengths of frames, in frames that are none of the pool's business.
    private static Gen<SentFrame> OtherFrames => Gen.Elements<byte>(0, 1, 2, Settings, 5, 6, 8, 9, 200).SelectMany(_ => Gen.Elements<byte>(0, 1, 4, 7, 9, 255).ListOf(), (type, payload) =>
        new SentFrame(Frame(type, type == Settings ? Ack : (byte)0, [.. payload]), null));

    private static string Last(IEnumerable<(ushort Id, uint Value)> settings, ushort id) =>
        settings.LastOrDefault(s => s.Id == id) is { Id: > 0 } last ? $"{Math.Min(last.Value, int.MaxValue)}" : "-";

    private static IEnumerable<byte[]> Split(byte[] bytes, List<int> reads)
    {
        var read = 0;
        for (var at = 0; at < bytes.Length; read++)
        {
            var end = Math.Min(bytes.Length, at + reads[read % reads.Count]);
            yield return bytes[at..end];
            at = end;
        }
    }

    private static List<string> Scan(IEnumerable<byte[]> reads)
    {
        var events = new Reports();
        var scanner = new Http2FrameScanner(events);
        foreach (var read in reads) scanner.Scan(read);
        return events.Seen;
    }

    private static byte[] Frame(byte type, byte flags, byte[] payload) =>
        [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, 0, .. payload];

    private static byte[] Setting(ushort id, uint value)
    {
        var setting = new byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(setting, id);
        BinaryPrimitives.WriteUInt32BigEndian(setting.AsSpan(2), value);
        return setting;
    }

    private static byte[] GoAwayPayload(uint code, IEnumerable<byte> debugData)
    {
        var payload = new byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(payload, 0x7fff_ffff);
        BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(4), code);
        return [.. payload, .. debugData];
    }

    private sealed record SentFrame(byte[] Bytes, string? Report);

    private sealed record Conversation(List<SentFrame> Frames, List<int> Reads)
    {
        // What FsCheck prints of a case that fails.
        public override string ToString() => $"reads {string.Join(' ', Reads)}; frames {string.Join(" | ", Frames.Select(frame => Convert.ToHexString(frame.Bytes)))}";
    }

    private sealed class Reports : IHttp2PeerEvents
    {
        public List<string> Seen { get; } = [];

        public void OnSettings(Http2Settings settings) => Seen.Add($"settings {settings.MaxConcurrentStreams?.ToString() ?? "-"} {settings.MaxHeaderListSize?.ToString() ?? "-"}");

        public void OnReset(uint errorCode) => Seen.Add($"reset {errorCode}");

        public void OnGoAway(uint errorCode) => Seen.Add($"goaway {errorCode}");
    }
}
