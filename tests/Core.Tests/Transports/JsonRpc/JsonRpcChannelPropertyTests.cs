using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using OrleansPool.Core.Transports.JsonRpc;

namespace OrleansPool.Core.Tests.Transports.JsonRpc;

/// <summary>Whatever the order of the answers and the pieces in which they come: each reaches its own caller, under the caller's own id.</summary>
public class JsonRpcChannelPropertyTests
{
    private static readonly string[] _ids = ["1", "2", "-7.250", "1e3", "123456789012345678901234567890", "null", "\"1\"", "\"\"", "\"\\u0041\\\"\"", "\"größe\""];

    [Theory]
    [InlineData(JsonRpcFramings.Newline)]
    [InlineData(JsonRpcFramings.ContentLength)]
    public void Answers_InAnyOrderAndAnyPieces_ReachTheirCallers(string framing)
    {
        var calls = Gen.NonEmptyListOf(Gen.Choose(0, _ids.Length - 1));
        var script = calls.SelectMany(ids => Gen.Shuffle(Enumerable.Range(0, ids.Count)), (ids, order) => (ids, order))
            .SelectMany(_ => Gen.NonEmptyListOf(Gen.Choose(1, 40)), (made, cuts) => new Script([.. made.ids], [.. made.order], [.. cuts]));
        Prop.ForAll(Arb.From(script), each => RunAsync(framing, each)).QuickCheckThrowOnFailure();
    }

    private static async Task RunAsync(string framing, Script script)
    {
        using var test = new ChannelUnderTest(new JsonRpcOptions { Framing = framing });
        var calls = script.Ids.Select((id, at) => test.CallAsync(Request(_ids[id], at))).ToList();
        var answers = new List<string>();
        for (var at = 0; at < calls.Count; at++) answers.Add(AnswerTo(await test.ReceivedAsync()));

        SendInPieces(test, [.. script.Order.SelectMany(at => test.Frame(answers[at]))], script.Cuts);
        for (var at = 0; at < calls.Count; at++)
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $$"""{"result":{"id":"other","at":{{at}}},"id":{{_ids[script.Ids[at]]}}}"""), await calls[at].Answered());
        Assert.Equal((0, 0), (test.Totals.LateReplies, test.Totals.UnknownReplies));
    }

    private static string Request(string id, int at) => string.Create(CultureInfo.InvariantCulture, $$"""{"jsonrpc":"2.0","method":"m","params":{"at":{{at}}},"id":{{id}}}""");

    private static string AnswerTo(string request)
    {
        using var json = JsonDocument.Parse(request);
        var (at, id) = (json.RootElement.GetProperty("params").GetProperty("at"), json.RootElement.GetProperty("id"));
        return $$"""{"result":{"id":"other","at":{{at.GetRawText()}}},"id":{{id.GetRawText()}}}""";
    }

    private static void SendInPieces(ChannelUnderTest test, ReadOnlySpan<byte> bytes, int[] cuts)
    {
        for (var cut = 0; !bytes.IsEmpty; cut++)
        {
            var length = Math.Min(bytes.Length, cuts[cut % cuts.Length]);
            test.SendRaw(bytes[..length]);
            bytes = bytes[length..];
        }
    }

    private sealed record Script(int[] Ids, int[] Order, int[] Cuts)
    {
        public override string ToString() => $"ids {string.Join(' ', Ids)}, answered in the order {string.Join(' ', Order)}, in pieces of {string.Join(' ', Cuts)} bytes";
    }
}
