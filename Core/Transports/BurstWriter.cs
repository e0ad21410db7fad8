using System.Buffers;
using System.Net.Sockets;

namespace OrleansPool.Core.Transports;

/// <summary>
/// The one writer of a connection that many share. What is appended goes out whole and in that order; what is appended while something is on its way goes
/// together with the next: one write for many. Thread-safe.
/// </summary>
/// <param name="output">Where it goes.</param>
/// <param name="onBroken">Called once when writing failed, on the thread that wrote.</param>
internal sealed class BurstWriter(Stream output, Action<Exception> onBroken)
{
    // A buffer that a large message needed is not kept for ever.
    private const int KeptBytes = 256 * 1024;

    private readonly Lock _gate = new();
    private ArrayBufferWriter<byte>? _spare;
    private Burst _next = new(new ArrayBufferWriter<byte>());
    private bool _isWriting;
    private bool _isStopped;

    /// <summary>Bytes that wait for those before them to be written.</summary>
    public int Backlog
    {
        get
        {
            lock (_gate) return _next.Bytes.WrittenCount;
        }
    }

    /// <summary>Appends, and does not wait; <see cref="Start"/> lets it go.</summary>
    /// <returns>That with which it goes out.</returns>
    public Burst Append<T>(scoped in T outgoing)
        where T : struct, IOutgoing, allows ref struct
    {
        lock (_gate)
        {
            if (!_isStopped) outgoing.AppendTo(_next.Bytes);
            return _next;
        }
    }

    /// <summary>Begins to write what was appended, unless that is being done. Safe to repeat.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_isWriting || _isStopped || _next.Bytes.WrittenCount == 0) return;
            _isWriting = true;
        }

        _ = WriteAllAsync();
    }

    /// <summary>Nothing leaves after this that has not begun to. Safe to repeat.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            if (_isStopped) return;
            _isStopped = true;
        }

        _next.End(isWritten: false);
    }

    private async Task WriteAllAsync()
    {
        while (Next() is { } burst)
        {
            try
            {
                await output.WriteAsync(burst.Bytes.WrittenMemory).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
            {
                Stop();
                burst.End(isWritten: false);
                onBroken(e);
                return;
            }

            Recycle(burst.Bytes);
            burst.End(isWritten: true);
        }
    }

    private Burst? Next()
    {
        lock (_gate)
        {
            _isWriting = !_isStopped && _next.Bytes.WrittenCount > 0;
            if (!_isWriting) return null;
            var burst = _next;
            burst.Leave();
            _next = new Burst(_spare ?? new ArrayBufferWriter<byte>());
            _spare = null;
            return burst;
        }
    }

    private void Recycle(ArrayBufferWriter<byte> bytes)
    {
        if (bytes.Capacity > KeptBytes) return;
        bytes.ResetWrittenCount();
        lock (_gate) _spare = bytes;
    }
}

/// <summary>Something that goes out as one piece.</summary>
internal interface IOutgoing
{
    /// <summary>Copies it.</summary>
    void AppendTo(ArrayBufferWriter<byte> bytes);
}

/// <summary>What goes out in one write.</summary>
internal sealed class Burst(ArrayBufferWriter<byte> bytes)
{
    private readonly TaskCompletionSource<bool> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _hasLeft;

    /// <summary>The bytes; nobody's any more once they were written.</summary>
    public ArrayBufferWriter<byte> Bytes { get; } = bytes;

    /// <summary>True when some of it may have reached the peer. Once the writer has stopped it does not change any more.</summary>
    public bool HasLeft => _hasLeft;

    /// <summary>Completes when it was handed to the connection whole, with true, or will not be.</summary>
    public Task<bool> Written => _written.Task;

    internal void Leave() => _hasLeft = true;

    internal void End(bool isWritten) => _written.TrySetResult(isWritten);
}
