using System.Diagnostics.CodeAnalysis;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Transports.Tcp;

/// <summary>
/// The exchanges of a shared connection that wait for their replies, in the order of their requests: by nothing else does a reply find its caller. Thread-safe.
/// </summary>
/// <param name="writer">The connection's. Requests are appended here, so that they leave in the order in which they wait.</param>
/// <param name="isQuiet">A look without waiting, while nothing is asked for: false when the peer has closed, or sent something. Null where there is none.</param>
internal sealed class OwedReplies(BurstWriter writer, Func<bool>? isQuiet)
{
    private readonly Lock _gate = new();
    private readonly Queue<Exchange> _exchanges = [];
    private bool _isOver;
    private bool _isCut;

    /// <summary>True when nobody waits.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate) return _exchanges.Count == 0;
        }
    }

    /// <summary>True when an exchange was cut out, and those before it have their replies: what comes now is for nobody.</summary>
    public bool IsDone
    {
        get
        {
            lock (_gate) return _isCut && _exchanges.Count == 0;
        }
    }

    /// <summary>Appends a request, and has its exchange wait; null when the connection takes no more.</summary>
    public Exchange? Add(PipelinedChannel channel, ReadOnlySpan<byte> request)
    {
        lock (_gate)
        {
            // What comes before anything is asked for would be taken for the reply.
            _isOver |= _exchanges.Count == 0 && isQuiet?.Invoke() == false;
            if (_isOver) return null;
            var exchange = new Exchange(channel, writer.Append(new Request(request)));
            _exchanges.Enqueue(exchange);
            return exchange;
        }
    }

    /// <summary>There is something to read: false, and no more is added, when it is owed to nobody.</summary>
    public bool TryBeginRead()
    {
        lock (_gate)
        {
            _isOver |= _exchanges.Count == 0;
            return _exchanges.Count > 0;
        }
    }

    /// <summary>Gives a reply to whoever waits for it. False, and no more is added, when it, or what is behind it, is owed to nobody.</summary>
    public bool TryAnswer(ReadOnlySpan<byte> reply, bool isMoreBehind)
    {
        Exchange? exchange;
        bool isStray;
        lock (_gate)
        {
            // A reply to what was not asked yet is none.
            if (!_exchanges.TryPeek(out exchange) || !exchange.HasLeft) return !(_isOver = true);
            _exchanges.Dequeue();
            isStray = isMoreBehind && _exchanges.Count == 0;
            _isOver |= isStray;
        }

        exchange.TrySetResult(new OwedReply(reply.ToArray(), null));
        return !isStray;
    }

    /// <summary>
    /// Takes out an exchange that ends early, those behind it, and those whose requests have not left, which never will now. Those before it still get their
    /// replies. False, and no change, when it does not wait any more.
    /// </summary>
    public bool TryCut(Exchange exchange, [NotNullWhen(true)] out List<Exchange>? cut)
    {
        cut = null;
        lock (_gate)
        {
            if (!_exchanges.Contains(exchange)) return false;
            _isOver = _isCut = true;
            writer.Stop();
            var kept = _exchanges.TakeWhile(each => each != exchange && each.HasLeft).ToList();
            cut = [.. _exchanges.Skip(kept.Count)];
            _exchanges.Clear();
            kept.ForEach(_exchanges.Enqueue);
            return true;
        }
    }

    /// <summary>Fails all that wait, and takes no more.</summary>
    public void FailAll(CallFailure failure)
    {
        Exchange[] left;
        lock (_gate)
        {
            _isOver = true;
            left = [.. _exchanges];
            _exchanges.Clear();
        }

        foreach (var exchange in left) exchange.TrySetResult(new OwedReply(default, failure));
    }

    private readonly ref struct Request(ReadOnlySpan<byte> frame) : IOutgoing
    {
        private readonly ReadOnlySpan<byte> _frame = frame;

        public void AppendTo(System.Buffers.ArrayBufferWriter<byte> bytes) => System.Buffers.BuffersExtensions.Write(bytes, _frame);
    }
}

/// <summary>What an exchange was given.</summary>
/// <param name="Frame">The reply.</param>
/// <param name="Failure">Why there is none, or null.</param>
internal readonly record struct OwedReply(ReadOnlyMemory<byte> Frame, CallFailure? Failure);
