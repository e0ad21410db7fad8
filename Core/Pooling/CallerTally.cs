using OrleansPool.Core.Model;

namespace OrleansPool.Core.Pooling;

/// <summary>Counts calls by caller when somebody asks; nothing is kept for it in between. Guarded by the pool's lock.</summary>
internal sealed class CallerTally(Func<CallRequest, string?> callerOf)
{
    // What a page shows; the rest are summed up in one line.
    private const int MostNamed = 100;

    private readonly Dictionary<string, (int InFlight, int Waiting)> _callers = new(StringComparer.Ordinal);

    /// <summary>A call with a permit; null where the pool was not told of it.</summary>
    public void AddInFlight(CallRequest? request) => Add(NameOf(request), 1, 0);

    /// <summary>A call in the queue.</summary>
    public void AddWaiting(CallRequest? request) => Add(NameOf(request), 0, 1);

    /// <summary>Those with the most calls first; beyond a hundred the others together, as <c>(others)</c>.</summary>
    public IReadOnlyList<CallerSnapshot> Take()
    {
        var all = _callers.Select(caller => new CallerSnapshot(caller.Key, caller.Value.InFlight, caller.Value.Waiting))
            .OrderByDescending(caller => caller.InFlight + caller.Waiting).ThenBy(caller => caller.Caller, StringComparer.Ordinal).ToList();
        if (all.Count <= MostNamed) return all;
        var others = all[MostNamed..];
        return [.. all[..MostNamed], new CallerSnapshot("(others)", others.Sum(caller => caller.InFlight), others.Sum(caller => caller.Waiting))];
    }

    private void Add(string caller, int inFlight, int waiting)
    {
        var known = _callers.GetValueOrDefault(caller);
        _callers[caller] = (known.InFlight + inFlight, known.Waiting + waiting);
    }

    private string NameOf(CallRequest? request) => request is null ? "unknown" : callerOf(request) ?? request.ClientId ?? "unknown";
}
