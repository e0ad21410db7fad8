using System.Buffers;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace OrleansPool.Gateway.Listening;

/// <summary>One listening socket whose connections go to one of two listeners, by the first bytes that the caller sends.</summary>
internal sealed class SharedPort(IConnectionListener listener, TimeProvider time) : IAsyncDisposable
{
    // A caller that says nothing is let go after this; Kestrel's own timeout for request headers is the same.
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(30);
    private static readonly byte[] _preface = "PRI "u8.ToArray();

    private readonly Channel<ConnectionContext> _http1 = Channel.CreateUnbounded<ConnectionContext>();
    private readonly Channel<ConnectionContext> _http2 = Channel.CreateUnbounded<ConnectionContext>();
    private readonly CancellationTokenSource _unbound = new();
    private readonly Lock _gate = new();
    private Task? _accepting;
    private Task? _unbinding;
    private Task? _disposing;

    public IConnectionListener Face(bool isHttp2) => new Half(this, isHttp2 ? _http2.Reader : _http1.Reader);

    public ValueTask DisposeAsync()
    {
        lock (_gate) return new(_disposing ??= DisposeOnceAsync());
    }

    private void EnsureAccepting()
    {
        lock (_gate) _accepting ??= AcceptAsync();
    }

    private Task UnbindAsync()
    {
        lock (_gate) return _unbinding ??= UnbindOnceAsync();
    }

    private async Task UnbindOnceAsync()
    {
        await listener.UnbindAsync().ConfigureAwait(false);

        // Whoever has said nothing yet is nobody's to close but ours.
        await _unbound.CancelAsync().ConfigureAwait(false);
        if (_accepting is not null) await _accepting.ConfigureAwait(false);
        _http1.Writer.TryComplete();
        _http2.Writer.TryComplete();
    }

    private async Task DisposeOnceAsync()
    {
        await listener.DisposeAsync().ConfigureAwait(false);
        _unbound.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (await listener.AcceptAsync().ConfigureAwait(false) is { } connection) _ = SortAsync(connection);
    }

    private async Task SortAsync(ConnectionContext connection)
    {
        try
        {
            var channel = await SpeaksHttp2Async(connection).ConfigureAwait(false) ? _http2 : _http1;
            if (channel.Writer.TryWrite(connection)) return;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ConnectionAbortedException or InvalidOperationException)
        {
            // It went away, or said nothing, before it was anybody's.
        }

        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<bool> SpeaksHttp2Async(ConnectionContext connection)
    {
        using var silence = new CancellationTokenSource(_silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, _unbound.Token);
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync(either.Token).ConfigureAwait(false);
            var isHttp2 = StartsLikePreface(read.Buffer);
            var isDecided = isHttp2 is not null || read.IsCompleted;

            // Nothing is consumed; what is decided is not marked as seen either, so that Kestrel's first read finds it at once.
            input.AdvanceTo(read.Buffer.Start, isDecided ? read.Buffer.Start : read.Buffer.End);
            if (isDecided) return isHttp2 == true;
        }
    }

    // Null while there are too few bytes to tell.
    private static bool? StartsLikePreface(ReadOnlySequence<byte> bytes)
    {
        var seen = bytes.Slice(0, Math.Min(bytes.Length, _preface.Length)).ToArray();
        if (!seen.AsSpan().SequenceEqual(_preface.AsSpan(0, seen.Length))) return false;
        return seen.Length == _preface.Length ? true : null;
    }

    private sealed class Half(SharedPort port, ChannelReader<ConnectionContext> connections) : IConnectionListener
    {
        public EndPoint EndPoint => port.Local;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            port.EnsureAccepting();
            while (await connections.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (connections.TryRead(out var connection)) return connection;
            }

            return null;
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default) => await port.UnbindAsync().ConfigureAwait(false);

        public async ValueTask DisposeAsync() => await port.DisposeAsync().ConfigureAwait(false);
    }

    private EndPoint Local => listener.EndPoint;
}
