using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OrleansPool.Core.Calls.JsonRpc;

namespace OrleansPool.Core.Tests.Calls.JsonRpc;

public class BatchReplyTests
{
    [Fact]
    public void Answers_InAnyOrder_MakeOneList_InTheOrderOfTheMessages_WithTheLastOfThem()
    {
        // True for a request, false for a notification.
        var batches = Gen.NonEmptyListOf(Gen.Elements(true, false)).SelectMany(batch => Gen.Shuffle(Enumerable.Range(0, batch.Count)), (batch, order) => (Batch: batch, Order: order));
        Prop.ForAll(Arb.From(batches), each => Answer([.. each.Batch], [.. each.Order])).QuickCheckThrowOnFailure();
    }

    private static void Answer(bool[] isRequest, int[] order)
    {
        var reply = new BatchReply(isRequest.Length);
        foreach (var at in order[..^1]) Assert.True(reply.Put(at, AnswerTo(isRequest, at)).IsEmpty);
        var whole = Encoding.UTF8.GetString(reply.Put(order[^1], AnswerTo(isRequest, order[^1])).Span);
        var answered = Enumerable.Range(0, isRequest.Length).Where(at => isRequest[at]).ToList();
        Assert.Equal(answered.Count == 0 ? "" : $"[{string.Join(',', answered)}]", whole);
    }

    private static byte[] AnswerTo(bool[] isRequest, int at) => isRequest[at] ? Encoding.UTF8.GetBytes($"{at}") : [];
}
