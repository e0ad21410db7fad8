using System.Net.Sockets;

namespace OrleansPool.Testing.Faults;

/// <summary>One way through a proxied connection.</summary>
internal sealed class FaultLink(Socket from, Socket to, Func<Toxic> toxic, CancellationToken stop)
{
    private const int PieceSize = 16 * 1024;

    /// <summary>Bytes passed on so far.</summary>
    public long Passed { get; private set; }

    /// <summary>Carries bytes until one side ends or breaks.</summary>
    public async Task RunAsync()
    {
        var piece = new byte[PieceSize];
        try
        {
            while (await from.ReceiveAsync(piece, SocketFlags.None, stop) is > 0 and var count) await toxic().PassAsync(piece.AsMemory(0, count), this);
            await toxic().EndAsync(this);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // A side that broke breaks the other.
            if (toxic() is not Toxic.BlackHole) Reset();
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var sent = await to.SendAsync(bytes, SocketFlags.None, stop);
            Passed += sent;
            bytes = bytes[sent..];
        }
    }

    public Task WaitAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System, stop);

    /// <summary>What was sent is all.</summary>
    public void End() => to.Shutdown(SocketShutdown.Send);

    /// <summary>Both sides end properly.</summary>
    public void Close()
    {
        foreach (var side in new[] { to, from })
        {
            try
            {
                side.Shutdown(SocketShutdown.Both);
            }
            catch (SocketException)
            {
                // It has ended already.
            }

            side.Dispose();
        }
    }

    /// <summary>Both sides end with a reset.</summary>
    public void Reset()
    {
        foreach (var side in new[] { to, from })
        {
            try
            {
                side.LingerState = new LingerOption(true, 0);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It is closed already.
            }

            side.Dispose();
        }
    }
}
