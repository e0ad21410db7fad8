using System.Net.Security;
using System.Net.Sockets;
using OrleansPool.Core.Model;
using OrleansPool.Core.Model.Failures;

namespace OrleansPool.Core.Transports.Tcp;

/// <summary>
/// The bytes of one TCP connection. Failures are returned; only a cancelled token throws. One reader and one writer at a time; closing is safe at any.
/// </summary>
internal sealed class TcpConnection(Socket socket, Stream stream)
{
    // Under TLS the socket cannot tell bytes that answer nothing from a session ticket, and some may lie decrypted in the stream already. A read of no bytes
    // ends when there are some, or the end.
    private Task _idleRead = stream is SslStream ? stream.ReadAsync(Memory<byte>.Empty, CancellationToken.None).AsTask() : Task.CompletedTask;

    /// <summary>A look without waiting, while nothing is asked for: false when the peer has closed, or sent something.</summary>
    public bool IsQuiet() => stream is SslStream ? !_idleRead.IsCompleted : IdleSocket.IsQuiet(socket, mayHoldBytes: false);

    /// <summary>The same for a connection that nobody has used: the peer may have sent a greeting.</summary>
    public bool IsOpen() => IdleSocket.IsQuiet(socket, mayHoldBytes: true);

    /// <summary>The next bytes, or none at the end of what the peer sends.</summary>
    public async ValueTask<BodyRead> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            if (!_idleRead.IsCompletedSuccessfully) await _idleRead.WaitAsync(cancellation).ConfigureAwait(false);
            return new BodyRead(await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false));
        }
        catch (Exception e) when (IsBreak(e))
        {
            return new BodyRead(ChannelFailures.Broke(e));
        }
    }

    /// <summary>Sends all of <paramref name="bytes"/>; with a failure, some may have left.</summary>
    public async ValueTask<CallFailure?> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await stream.WriteAsync(bytes, cancellation).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (IsBreak(e))
        {
            return ChannelFailures.Broke(e);
        }
    }

    /// <summary>A call is over, and all that it is owed was read: what comes from now on is not its own.</summary>
    public void BeginIdle()
    {
        if (stream is SslStream) _idleRead = stream.ReadAsync(Memory<byte>.Empty, CancellationToken.None).AsTask();
    }

    /// <summary>Ends this side: the peer reads the end after all that was written, and may go on sending.</summary>
    public async ValueTask EndWritingAsync(CancellationToken cancellation)
    {
        try
        {
            if (stream is SslStream secured) await secured.ShutdownAsync().WaitAsync(cancellation).ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (IsBreak(e))
        {
            // It broke before; whoever reads learns so.
        }
    }

    /// <summary>Closes it now, and tells the peer that this is no proper end.</summary>
    public void Reset()
    {
        try
        {
            // The socket itself: the stream would send a proper end first.
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        }
        catch (Exception e) when (IsBreak(e))
        {
            // It is closed already.
        }

        Close();
    }

    /// <summary>Closes it now.</summary>
    public void Close() => stream.Dispose();

    private static bool IsBreak(Exception e) => e is IOException or SocketException or ObjectDisposedException;
}
