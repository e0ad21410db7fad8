using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OrleansPool.Core.Transports.Framing;
using OrleansPool.Core.Transports.Tcp;

namespace OrleansPool.Core.Tests.Transports;

/// <summary>Whether a session's connection may be used again: only behind whole requests, and only when the reset's reply is the last thing that comes.</summary>
public class SessionResetTests
{
    [Fact]
    public void Replies_CutAnywhere_GoToTheCaller_AndTheResetsOwnDoesNot()
    {
        var cases = Arb.From(Gen.Choose(0, 5).Zip(Gen.Choose(0, 5)).Zip(Gen.ListOf(Gen.Choose(1, 9)).Resize(30)));
        Prop.ForAll(cases, test =>
        {
            // So many replies before the caller's end, so many after it, in such pieces.
            var ((before, after), cuts) = test;
            var reset = New();
            Pass(reset.PassRequest, string.Concat(Enumerable.Repeat("ask\n", before + after)), cuts);
            var seen = Replies(reset, before, cuts);
            Assert.True(reset.TryAsk());
            seen += Pass(reset, string.Concat(Enumerable.Range(before, after).Select(n => $"reply {n}\n")) + "done\n", cuts);
            Assert.Equal(string.Concat(Enumerable.Range(0, before + after).Select(n => $"reply {n}\n")), seen);
            Assert.Equal((true, false), (reset.IsDone, reset.IsHopeless));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("ask")]
    [InlineData("ask\nas")]
    public void Request_NotWhole_IsNotFollowedByTheReset(string requests)
    {
        var reset = New();
        reset.PassRequest(Encoding.ASCII.GetBytes(requests));
        Assert.False(reset.TryAsk());
    }

    [Fact]
    public void MoreRepliesThanRequests_NoReset()
    {
        var reset = New();
        reset.PassRequest("ask\n"u8);
        Assert.Equal("one\ntwo\n", Pass(reset, "one\ntwo\n", []));
        Assert.False(reset.TryAsk());
    }

    [Theory]
    [InlineData("done\nmore\n", "")]
    [InlineData("error\n", "")]
    [InlineData("done\nm", "")]
    public void ResetsReply_OtherThanExpected_OrWithSomethingBehind_LeavesTheConnectionUnclean(string bytes, string seen)
    {
        var reset = New();
        Assert.True(reset.TryAsk());
        Assert.Equal(seen, Pass(reset, bytes, []));
        Assert.Equal((false, true), (reset.IsDone, reset.IsHopeless));
    }

    [Fact]
    public void CallersOwnReset_IsNotTakenForThePools()
    {
        var reset = New();
        reset.PassRequest("reset\n"u8);
        Assert.True(reset.TryAsk());
        Assert.Equal("done\n", Pass(reset, "done\n", []));
        Assert.False(reset.IsDone);
        Assert.Equal("", Pass(reset, "done\n", []));
        Assert.True(reset.IsDone);
    }

    private static SessionReset New() => new(new ResetExchange("reset\n"u8.ToArray(), "done\n"u8.ToArray(), TimeSpan.FromSeconds(1)), new DelimiterFraming("\n"u8));

    private static string Replies(SessionReset reset, int count, List<int> cuts) => Pass(reset, string.Concat(Enumerable.Range(0, count).Select(n => $"reply {n}\n")), cuts);

    private static string Pass(SessionReset reset, string text, List<int> cuts)
    {
        var seen = new StringBuilder();
        Pass(bytes => seen.Append(Encoding.ASCII.GetString(bytes[..reset.PassReply(bytes)])), text, cuts);
        return seen.ToString();
    }

    private delegate void Taker(ReadOnlySpan<byte> bytes);

    private static void Pass(Taker take, string text, List<int> cuts)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        for (int at = 0, piece = 0; at < bytes.Length; piece++)
        {
            var count = Math.Min(cuts.Count == 0 ? bytes.Length : cuts[piece % cuts.Count], bytes.Length - at);
            take(bytes.AsSpan(at, count));
            at += count;
        }
    }
}
