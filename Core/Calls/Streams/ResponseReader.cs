using System.Buffers;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Calls.Streams;

/// <summary>
/// Reads a response into pieces. A read that found nothing in time stays under way, and the next one takes it up: no byte is lost, none waits longer than
/// it must. Used by one reader at a time.
/// </summary>
internal sealed class ResponseReader(CallResponse response, TimeProvider time) : IAsyncDisposable
{
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(StreamOptions.PieceSize);
    private Task<BodyRead>? _underWay;
    private int _handedOver;
    private int _filled;

    public CallResponse Response { get; } = response;

    /// <summary>True when the body has come to its end, good or bad.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Why the body broke off, or null.</summary>
    public CallFailure? Failure { get; private set; }

    /// <summary>The bytes that come until the body ends, the piece is full, or the upstream pauses for <paramref name="pause"/>.</summary>
    public ValueTask<ReadOnlyMemory<byte>> ReadUntilPauseAsync(TimeSpan pause) => ReadAsync(pause, stopAtAnyPause: false);

    /// <summary>Waits up to <paramref name="patience"/> for bytes, then takes what is there.</summary>
    public ValueTask<ReadOnlyMemory<byte>> ReadSomeAsync(TimeSpan patience) => ReadAsync(patience, stopAtAnyPause: true);

    public async ValueTask DisposeAsync()
    {
        await Response.DisposeAsync().ConfigureAwait(false);
        if (_underWay is not null) await _underWay.ConfigureAwait(false);
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadAsync(TimeSpan patience, bool stopAtAnyPause)
    {
        while (!IsOver && _filled < _buffer.Length)
        {
            if (_underWay is null)
            {
                var reading = Response.ReadAsync(_buffer.AsMemory(_filled));
                if (reading.IsCompletedSuccessfully)
                {
                    Take(reading.GetAwaiter().GetResult());
                    continue;
                }

                _underWay = reading.AsTask();
            }

            if (!_underWay.IsCompleted && stopAtAnyPause && _filled > _handedOver) break;
            if (!await CompletesWithinAsync(_underWay, patience).ConfigureAwait(false)) break;
            Take(await _underWay.ConfigureAwait(false));
            _underWay = null;
        }

        return HandOver();
    }

    private void Take(BodyRead read)
    {
        _filled += read.Count;
        if (read.Count == 0) (IsOver, Failure) = (true, read.Failure);
    }

    // The bytes leave in a message that is serialized at leisure, so they get an array of their own. A read under way owns the rest of the buffer.
    private byte[] HandOver()
    {
        var piece = _buffer.AsSpan(_handedOver.._filled).ToArray();
        if (_underWay is null) _filled = 0;
        _handedOver = _filled;
        return piece;
    }

    private async ValueTask<bool> CompletesWithinAsync(Task task, TimeSpan patience)
    {
        if (task.IsCompleted) return true;
        using var enough = new CancellationTokenSource();
        var delay = Task.Delay(patience, time, enough.Token);
        var isInTime = await Task.WhenAny(task, delay).ConfigureAwait(false) == task;
        await enough.CancelAsync().ConfigureAwait(false);
        return isInTime;
    }
}
