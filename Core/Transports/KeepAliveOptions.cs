using System.Net.Sockets;

namespace OrleansPool.Core.Transports;

/// <summary>
/// TCP's own probes on quiet connections: a peer that is gone without a word is noticed, and what stands between keeps the connection. The operating system sends
/// them, and counts in whole seconds: parts of one are rounded up.
/// </summary>
public sealed class KeepAliveOptions
{
    /// <summary>Quiet time before the first probe. 1 s to 9 h, or 0 for no probes; default 1 min.</summary>
    public TimeSpan Idle { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Time from one probe to the next when none is answered. 1 s to 1 h, default 10 s.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>So many probes without an answer mean that the connection is dead. 1 to 100, default 3.</summary>
    public int Count { get; set; } = 3;

    /// <summary>Has these probes sent on <paramref name="socket"/>.</summary>
    /// <exception cref="SocketException">The system refused.</exception>
    public void ApplyTo(Socket socket)
    {
        if (Idle == TimeSpan.Zero) return;
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, Seconds(Idle));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, Seconds(Interval));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Count);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }

    private static int Seconds(TimeSpan span) => (int)Math.Ceiling(span.TotalSeconds);
}
