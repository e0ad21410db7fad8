using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace OrleansPool.Client.Lanes;

/// <summary>
/// One run of one silo, as seen from here: calls on it are bound to its life. When the silo is found dead the link is lost, once and for all, and with it
/// the calls; should the silo wake up again, it gets a new link.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing to release, and calls may link to it at any time.")]
internal sealed class GatewayLink(int siloRun, string gateway)
{
    private readonly CancellationTokenSource _lost = new();
    private volatile bool _isLeaving;
    private long _lastHeard;

    public int SiloRun { get; } = siloRun;

    public IPEndPoint? Gateway { get; } = IPEndPoint.TryParse(gateway, out var endpoint) ? endpoint : null;

    /// <summary>Cancelled when the silo, or the connection to it, is lost.</summary>
    public CancellationToken Lost => _lost.Token;

    public bool IsLost => _lost.IsCancellationRequested;

    /// <summary>True when the silo turns new calls away because it is shutting down; those under way go on.</summary>
    public bool IsLeaving => _isLeaving;

    /// <summary>Timestamp of the silo's last answer to anything but a beat; 0 when there was none.</summary>
    public long LastHeard => Volatile.Read(ref _lastHeard);

    /// <summary>An answer came.</summary>
    public void Hear(long timestamp) => Volatile.Write(ref _lastHeard, timestamp);

    public void Leave() => _isLeaving = true;

    public void Lose() => _lost.Cancel();
}
