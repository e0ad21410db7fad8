using System.Runtime.InteropServices;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Calls.Recent;

/// <summary>
/// How an endpoint's calls went wrong of late, by kind: a flood of one kind costs no more room than its first. Callers who left are among the kinds, but count as no
/// failure. Thread-safe; calls that go well never come here.
/// </summary>
public sealed class CallErrors(TimeProvider time)
{
    /// <summary>A kind is forgotten when it has not been seen for so long; its count begins anew then.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);

    // All codes, and the statuses of one protocol: what is beyond that is an upstream that makes them up.
    private const int MostKinds = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<KindOfError, Entry> _kinds = [];
    private long _failed;
    private long _turnedAway;

    /// <summary>Calls that failed so far, by whosever fault but their callers'.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Of these and of callers who left: calls that ended before they had a connection.</summary>
    public long TurnedAway => Interlocked.Read(ref _turnedAway);

    /// <summary>A call ended with a failure.</summary>
    /// <param name="code">Which.</param>
    /// <param name="stage">Where the call was.</param>
    /// <param name="detail">What is told of it.</param>
    public void Add(FailureCode code, Stage stage, string detail)
    {
        var facts = FailureFacts.Of(code);
        Add(new KindOfError(stage, facts.Party, code.ToString()), detail);
        if (code is not (FailureCode.CallerCancelled or FailureCode.CallerAborted)) Interlocked.Increment(ref _failed);
        if (stage <= Stage.Connect) Interlocked.Increment(ref _turnedAway);
    }

    /// <summary>The upstream answered that the call did not work, by its protocol's name for that.</summary>
    public void AddAnswer(string status)
    {
        Add(new KindOfError(Stage.Receive, Party.Upstream, status), "The upstream answered so.");
        Interlocked.Increment(ref _failed);
    }

    /// <summary>All kinds that are not forgotten: in the order of stages, the latest first in each.</summary>
    public IReadOnlyList<RecentError> Now()
    {
        var now = time.MonotonicNow();
        lock (_gate)
        {
            return [.. _kinds.Where(kind => now - kind.Value.LastAt < Memory)
                .OrderBy(kind => kind.Key.Stage).ThenByDescending(kind => kind.Value.LastAt).ThenBy(kind => kind.Key.Name, StringComparer.Ordinal)
                .Select(kind => new RecentError(kind.Key.Stage, kind.Key.Party, kind.Key.Name, kind.Value.Count, now - kind.Value.FirstAt, now - kind.Value.LastAt, kind.Value.Detail))];
        }
    }

    private void Add(in KindOfError kind, string detail)
    {
        var now = time.MonotonicNow();
        lock (_gate)
        {
            if (!_kinds.TryGetValue(kind, out var entry))
            {
                if (_kinds.Count >= MostKinds) ForgetOldest();
                _kinds[kind] = entry = new Entry { FirstAt = now, LastAt = now };
            }

            if (now - entry.LastAt >= Memory) (entry.Count, entry.FirstAt) = (0, now);
            (entry.Count, entry.LastAt, entry.Detail) = (entry.Count + 1, now, detail);
        }
    }

    private void ForgetOldest() => _kinds.Remove(_kinds.MinBy(kind => kind.Value.LastAt).Key);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct KindOfError(Stage Stage, Party Party, string Name);

    private sealed class Entry
    {
        public long Count { get; set; }

        public TimeSpan FirstAt { get; set; }

        public TimeSpan LastAt { get; set; }

        public string Detail { get; set; } = "";
    }
}
