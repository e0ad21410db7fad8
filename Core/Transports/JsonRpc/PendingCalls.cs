using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Transports.JsonRpc;

/// <summary>
/// The calls of a channel that wait for their answers, by the ids that the channel gave them: 1, 2, 3, ..., so that callers' ids, of whatever type, never meet
/// upstream. Thread-safe.
/// </summary>
internal sealed class PendingCalls
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, PendingCall> _calls = [];
    private CallFailure? _end;
    private long _lastId;

    /// <summary>Gives a call its id; null when the channel is over.</summary>
    /// <param name="callerId">The id that its answer is to have, as the caller wrote it.</param>
    public PendingCall? Add(ReadOnlyMemory<byte> callerId)
    {
        lock (_gate)
        {
            if (_end is not null) return null;
            var call = new PendingCall(++_lastId, callerId);
            _calls.Add(call.Id, call);
            return call;
        }
    }

    /// <summary>Takes the call with an id out; false when none waits under it.</summary>
    public bool TryTake(long id, out PendingCall? call)
    {
        lock (_gate) return _calls.Remove(id, out call);
    }

    /// <summary>True when the id was given to a call, which may be over.</summary>
    public bool WasGiven(long id)
    {
        lock (_gate) return id > 0 && id <= _lastId;
    }

    /// <summary>Fails all that wait, and takes no more. Only the first failure counts.</summary>
    public void FailAll(CallFailure failure)
    {
        PendingCall[] left;
        lock (_gate)
        {
            if (_end is not null) return;
            _end = failure;
            left = [.. _calls.Values];
            _calls.Clear();
        }

        foreach (var call in left) call.TrySetResult(new Reply(default, null, failure));
    }
}

/// <summary>One call that waits. Whoever waits goes on elsewhere, not on the thread that reads the channel.</summary>
internal sealed class PendingCall(long id, ReadOnlyMemory<byte> callerId) : TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>Its id upstream.</summary>
    public long Id { get; } = id;

    /// <summary>Its id at its caller's, as written there.</summary>
    public ReadOnlyMemory<byte> CallerId { get; } = callerId;
}

/// <summary>What a call that waited was given.</summary>
/// <param name="Body">The response, with the caller's own id.</param>
/// <param name="ErrorCode">The code of the error in it, or null.</param>
/// <param name="Failure">Why there is no response, or null.</param>
internal readonly record struct Reply(ReadOnlyMemory<byte> Body, int? ErrorCode, CallFailure? Failure);
