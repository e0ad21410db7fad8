using OrleansPool.Core.Model;
using OrleansPool.Core.Pooling;
using OrleansPool.Core.Transports;

namespace OrleansPool.Core.Tests.Pooling;

/// <summary>
/// Drives a pool with arbitrary operations and knows what must hold after each: who owns what (the ownership oracle), who is next in the queue, and how many
/// connections the upstream sees. The numbers are those of design.md section 6.
/// </summary>
internal sealed class PoolModel
{
    private readonly PoolUnderTest _test;
    private readonly bool _isMultiplexed;
    private readonly int _callsPerChannel;
    private readonly List<ChannelLease> _held = [];
    private readonly List<Call> _queue = [];
    private readonly List<ChannelLease> _returned = [];

    public PoolModel(bool isMultiplexed)
    {
        (_isMultiplexed, _callsPerChannel) = (isMultiplexed, isMultiplexed ? 3 : 1);
        _test = new PoolUnderTest(isMultiplexed, _callsPerChannel, addresses: 2, permits: 8, pool: Configure, queue: q => (q.MaxWaiters, q.MaxWait) = (20, TimeSpan.FromSeconds(30)));
    }

    private static void Configure(PoolOptions options)
    {
        (options.Min, options.Max, options.ConnectConcurrency) = (1, 5, 2);
        (options.MaxLifetime, options.IdleTimeout, options.MaxUses) = (TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(20), 40);
    }

    /// <summary>What the pool did: a test that only ever refused calls would prove nothing.</summary>
    public PoolTotals Totals => _test.Totals;

    /// <summary>What the last check saw.</summary>
    public string LastLook { get; private set; } = "";

    /// <summary>Applies one operation and checks everything. Any two numbers make an operation, so that failing sequences can be shrunk.</summary>
    public async Task ApplyAsync(int operation, int argument)
    {
        switch (operation % 100)
        {
            case < 30: Enqueue(deadline: argument % 5 == 0 ? TimeSpan.FromSeconds(argument % 40) : null); break;
            case < 55: Return(argument); break;
            case < 60: await CancelAsync(argument); break;
            case < 75: Answer(argument); break;
            case < 79: With(argument, channel => channel.Break()); break;
            case < 83: With(argument, channel => channel.GoAway()); break;
            case < 87: With(argument, channel => channel.Announce(argument % 4)); break;
            case < 90: _test.SetLimit(1 + (argument % 12)); break;
            case < 92: With(argument, channel => channel.ClosesSlowly = true); break;
            case < 94: With(argument, FinishSlowClose); break;
            case < 96: SetAddresses(argument); break;
            case < 98: ReturnAgain(argument); break;
            default: _test.Clock.Advance(TimeSpan.FromMilliseconds(argument % 5000)); break;
        }

        // A circuit breaker's probe takes a few steps on other threads; what is wrong stays wrong.
        await Eventually.HoldsAsync(AddsUpAsync, "every connection to have a slot (1), every permit an owner (9), and nobody to wait while a permit and a channel are free (2, 3)", TimeSpan.FromSeconds(5));
        Check();
    }

    /// <summary>Everything is given back and closed; then nothing may be left anywhere.</summary>
    public async Task AuditAsync()
    {
        foreach (var call in _queue.ToList()) await call.Leaving.CancelAsync();
        await SettleAsync();
        while (_held.Count > 0) Return(0);
        var draining = _test.Pool.DrainAsync(TimeSpan.FromSeconds(1));
        foreach (var channel in _test.Transport.Open.ToList()) channel.FinishClosing();
        await draining.InTime("the drain to end");
        _test.Expect();
        Assert.Equal((0, 0), (_test.Limiter.InFlight, _test.Transport.Connections));
        var totals = _test.Totals;
        Assert.Equal(totals.Connected, totals.Closed.Values.Sum());
        Assert.Equal(totals.Acquired, _returned.Count);
    }

    private void Enqueue(TimeSpan? deadline)
    {
        var leaving = new CancellationTokenSource();
        var until = deadline is { } span ? Deadline.After(span, _test.Clock) : Deadline.None;
        var task = _test.Pool.AcquireAsync(new Admission(until), leaving.Token).AsTask();
        _queue.Add(new Call(task, leaving));
    }

    private void Return(int argument)
    {
        if (_held.Count == 0) return;
        var lease = _held[argument % _held.Count];
        _held.Remove(lease);
        _returned.Add(lease);
        _test.Pool.Return(lease, argument % 7 == 0 ? Outcome.Ignored : Outcome.Good);
    }

    private void ReturnAgain(int argument)
    {
        if (_returned.Count > 0) _test.Pool.Return(_returned[argument % _returned.Count], Outcome.Good);
    }

    private async Task CancelAsync(int argument)
    {
        if (_queue.Count > 0) await _queue[argument % _queue.Count].Leaving.CancelAsync();
    }

    private void Answer(int argument)
    {
        if (_test.Transport.Pending.Count == 0) return;
        var attempt = _test.Transport.Pending[argument % _test.Transport.Pending.Count];
        if (argument % 6 == 0) attempt.Fail();
        else attempt.Succeed(_isMultiplexed ? 1 + (argument % 4) : int.MaxValue);
    }

    private void With(int argument, Action<ScriptedChannel> act)
    {
        if (_test.Transport.Open.Count > 0) act(_test.Transport.Open[argument % _test.Transport.Open.Count]);
    }

    private static void FinishSlowClose(ScriptedChannel channel)
    {
        channel.ClosesSlowly = false;
        if (channel.WasAskedToClose) channel.FinishClosing();
    }

    private void SetAddresses(int argument) =>
        _test.Pool.SetAddresses([.. Enumerable.Range(1, 3).Where(n => n != 1 + (argument % 3)).Select(Addresses.Number)]);

    // Whoever is done, is done from the head of the queue, unless its own deadline, its cancellation or a refusal ended it.
    private async Task SettleAsync()
    {
        await Eventually.HoldsAsync(() => _queue.Count(call => !call.Task.IsCompleted) == _test.Pool.Snapshot().Waiting, "every call that left the queue to be told");
        var done = _queue.Where(call => call.Task.IsCompleted).ToList();
        var firstWaiting = _queue.FindIndex(call => !done.Contains(call));
        foreach (var call in done)
        {
            var result = await call.Task;
            if (result.Failure is not null) continue;
            Assert.True(firstWaiting < 0 || _queue.IndexOf(call) < firstWaiting, "a call was served while an earlier one waits (4)");
            _held.Add(result.Lease);
        }

        _queue.RemoveAll(done.Contains);
    }

    private void Check()
    {
        Assert.True(_test.Transport.MostConnections <= _test.Options.Max, "more connections than the maximum (1, 21)");
        Assert.Equal(_held.Count, _held.Distinct().Count());
        foreach (var perChannel in _held.GroupBy(lease => lease.Channel)) CheckOwners(perChannel.Key, perChannel.Count());
    }

    private void CheckOwners(TransportChannel channel, int calls) =>
        Assert.True(calls <= _callsPerChannel, $"{calls} calls on a channel that takes {_callsPerChannel} (10)");

    // The model does not know which channels retired by age, use or address; while some drain it cannot tell.
    private async Task<bool> AddsUpAsync()
    {
        await SettleAsync();
        var now = _test.Pool.Snapshot();
        LastLook = $"{now with { Totals = null! }}; held {_held.Count}; open {string.Join(", ", _test.Transport.Open.Select(Describe))}";
        if (now.InFlight != _held.Count || _test.Transport.Connections > now.Connections) return false;
        return now.Waiting == 0 || now.InFlight >= now.Limit || now.Draining > 0 || !_test.Transport.Open.Exists(HasRoom);
    }

    private string Describe(ScriptedChannel channel) =>
        $"[{_held.Count(lease => lease.Channel == channel)} of {channel.PeerLimit}{(channel.IsGoingAway ? " going" : "")}{(channel.WasAskedToClose ? " closing" : "")}]";

    private bool HasRoom(ScriptedChannel channel) =>
        !channel.IsGoingAway && _held.Count(lease => lease.Channel == channel) < Math.Min(_callsPerChannel, channel.PeerLimit);

    private sealed record Call(Task<AcquireResult> Task, CancellationTokenSource Leaving);
}
