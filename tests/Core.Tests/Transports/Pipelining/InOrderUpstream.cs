using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using OrleansPool.Core.Model;
using OrleansPool.Core.Tests.Transports.JsonRpc;
using OrleansPool.Core.Transports;
using OrleansPool.Core.Transports.Framing;
using OrleansPool.Core.Transports.Tcp;

namespace OrleansPool.Core.Tests.Transports.Pipelining;

/// <summary>
/// A pipelined channel in memory, with an upstream that says each request back in its order: when, and in what pieces, is the test's decision. What the channel
/// writes can be held up on its way.
/// </summary>
internal sealed class InOrderUpstream : IDisposable
{
    private readonly Pipe _toChannel = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly GatedStream _wire;
    private readonly Lock _gate = new();
    private readonly FrameCutter _cutter = new(new DelimiterFraming("\n"u8).Requests());
    private readonly ArrayBufferWriter<byte> _owed = new();
    private readonly List<string> _seen = [];
    private ReadOnlySequence<byte> _unread;
    private int _sent;

    public InOrderUpstream()
    {
        _wire = new GatedStream(Take);
        Channel = new PipelinedChannel(new DelimiterFraming("\n"u8), new DuplexStream(_toChannel.Reader.AsStream(), _wire), isQuiet: null);
    }

    public PipelinedChannel Channel { get; }

    /// <summary>The requests that came, without their ends.</summary>
    public IReadOnlyList<string> Seen
    {
        get
        {
            lock (_gate) return [.. _seen];
        }
    }

    /// <summary>Makes a call with this word, which its reply must be.</summary>
    public Task<SendResult> CallAsync(string word, CancellationToken caller = default)
    {
        var request = new CallRequest { Method = TcpMethods.Exchange, Target = TcpMethods.Target, Headers = new HeaderBlock(0), HasBody = true, Body = Encoding.ASCII.GetBytes($"{word}\n") };
        return Channel.SendAsync(request, default, caller).AsTask();
    }

    /// <summary>What the channel writes from now on waits.</summary>
    public void HoldUp() => _wire.HoldUp();

    /// <summary>What waited comes.</summary>
    public void LetGo() => _wire.LetGo();

    /// <summary>Sends the next bytes of what is owed, or all of it where it is less. False when there was nothing to send.</summary>
    public bool Reply(int bytes)
    {
        ReadOnlyMemory<byte> next;
        lock (_gate)
        {
            next = _owed.WrittenMemory[_sent..Math.Min(_owed.WrittenCount, _sent + bytes)];
            _sent += next.Length;
        }

        SendRaw(next.Span);
        return !next.IsEmpty;
    }

    /// <summary>Sends bytes that nobody asked for.</summary>
    public void SendRaw(ReadOnlySpan<byte> bytes)
    {
        _toChannel.Writer.Write(bytes);
        _ = _toChannel.Writer.FlushAsync().AsTask();
    }

    public void Dispose()
    {
        LetGo();
        Channel.Dispose();
    }

    private void Take(ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            _unread = new ReadOnlySequence<byte>([.. _unread.ToArray(), .. bytes.Span]);
            while (_cutter.TryCut(ref _unread, out var frame))
            {
                _seen.Add(Encoding.ASCII.GetString(frame).TrimEnd('\n'));
                _owed.Write(frame.ToArray());
            }
        }
    }

    /// <summary>Hands on what is written, at once or when it is let go.</summary>
    private sealed class GatedStream(Action<ReadOnlyMemory<byte>> take) : MemoryStream
    {
        private volatile TaskCompletionSource _gate = Open();

        public void HoldUp()
        {
            if (_gate.Task.IsCompleted) _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        public void LetGo() => _gate.TrySetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await _gate.Task;
            take(buffer);
        }

        private static TaskCompletionSource Open()
        {
            var open = new TaskCompletionSource();
            open.SetResult();
            return open;
        }
    }
}
