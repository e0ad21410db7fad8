using FsCheck;
using FsCheck.Fluent;
using OrleansPool.Core.Model.Failures;
using OrleansPool.Core.Tests.Transports.JsonRpc;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Tests.Transports.Pipelining;

/// <summary>
/// Whatever the order in which requests leave, replies come in pieces, and callers leave: nobody ever gets a reply that is not its own, nothing is told as "not sent"
/// that the upstream has seen, and only a caller that leaves costs others their replies.
/// </summary>
public class PipelinedChannelPropertyTests
{
    private enum Act
    {
        Call,
        Leave,
        Reply,
        HoldUp,
        LetGo,
    }

    [Fact]
    public void Replies_WhateverHappens_ReachTheirOwnCallers_OrNobody() => Check(Gen.Elements(Act.Call, Act.Call, Act.Call, Act.Leave, Act.Reply, Act.Reply, Act.HoldUp, Act.LetGo));

    [Fact]
    public void Replies_WhereNobodyLeaves_AllCome() => Check(Gen.Elements(Act.Call, Act.Call, Act.Reply, Act.HoldUp, Act.LetGo));

    private static void Check(Gen<Act> act)
    {
        var script = Gen.NonEmptyListOf(act.SelectMany(_ => Gen.Choose(0, 40), (what, number) => new Step(what, number)));
        Prop.ForAll(Arb.From(script), steps => RunAsync([.. steps])).QuickCheckThrowOnFailure();
    }

    private static async Task RunAsync(IReadOnlyList<Step> steps)
    {
        using var upstream = new InOrderUpstream();
        var calls = new List<Call>();
        foreach (var step in steps)
        {
            if (step.What == Act.Call) calls.Add(new Call(upstream, calls.Count, step.Number));
            else if (step.What == Act.Leave && calls.Count > 0) await calls[step.Number % calls.Count].LeaveAsync();
            else if (step.What == Act.Reply) upstream.Reply(step.Number);
            else if (step.What == Act.HoldUp) upstream.HoldUp();
            else if (step.What == Act.LetGo) upstream.LetGo();
        }

        upstream.LetGo();
        await Eventually.HoldsAsync(
            () =>
            {
                upstream.Reply(7);
                return calls.TrueForAll(call => call.IsOver);
            },
            "all calls to be over");
        var hasAnyLeft = calls.Exists(call => call.Left);
        foreach (var call in calls) await call.CheckAsync(upstream.Seen, hasAnyLeft);
        foreach (var call in calls) call.Dispose();
    }

    private sealed record Step(Act What, int Number);

    private sealed class Call : IDisposable
    {
        private readonly CancellationTokenSource _caller = new();
        private readonly string _word;
        private readonly Task<SendResult> _sending;

        public Call(InOrderUpstream upstream, int number, int size)
        {
            _word = $"{number} ".PadRight(size, 'x').TrimEnd();
            _sending = upstream.CallAsync(_word, _caller.Token);
        }

        public bool IsOver => _sending.IsCompleted;

        public bool Left => _caller.IsCancellationRequested;

        public Task LeaveAsync() => _caller.CancelAsync();

        public async Task CheckAsync(IReadOnlyList<string> seen, bool mayFail)
        {
            if (_sending.IsCanceled)
            {
                Assert.True(Left);
                return;
            }

            var result = await _sending;
            if (result.Failure is { } failure)
            {
                Assert.True(mayFail, failure.ToString());
                if (failure.IsRetryable) Assert.DoesNotContain(_word, seen);
                else Assert.Equal(FailureCode.PipelineCut, failure.Code);
                return;
            }

            Assert.Equal($"{_word}\n", await Task.FromResult(result).Answered());
        }

        public void Dispose() => _caller.Dispose();
    }
}
