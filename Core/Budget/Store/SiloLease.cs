using Microsoft.Extensions.Logging;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Budget.Store;

/// <summary>
/// Keeps this silo's row in the store alive, and fences the rows of silos that do not (rules store_lease and fence_wait). One row per silo, whatever the
/// number of endpoints: a takeover of a thousand endpoints waits once. <see cref="TickAsync"/> is to be called a few times per duration, by one caller.
/// </summary>
public sealed class SiloLease(string silo, IBudgetStore store, TimeProvider time, ILogger<SiloLease> logger, TimeSpan? duration = null) : ISiloLease
{
    /// <summary>
    /// D. Detecting a crash takes the cluster up to about 5 s, fencing D more, and together they must stay below 10 s; and two writes in a row may fail
    /// within D, a third of it apart.
    /// </summary>
    public static readonly TimeSpan DefaultDuration = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan _lookSpacing = TimeSpan.FromMilliseconds(200);

    /// <summary>Name of the silo, which is also that of the holder in it.</summary>
    public string Silo => silo;

    private readonly SiloLeaseLog _log = new(logger, silo);
    private readonly Lock _gate = new();
    private readonly StoreLease _lease = new(duration ?? DefaultDuration);
    private readonly LeaseWatch _predecessor = new();
    private readonly Dictionary<string, LeaseWatch> _watches = new(StringComparer.Ordinal);
    private Stored<SiloRow>? _own;

    /// <inheritdoc />
    public LeaseKey? Current
    {
        get
        {
            lock (_gate) return _own is { } own && _lease.IsValid(time.MonotonicNow()) ? new LeaseKey(silo, own.Row.Incarnation) : null;
        }
    }

    /// <summary>Renews the lease when that is due, or takes one. Never throws: a store that is away ends the lease by itself.</summary>
    public async ValueTask TickAsync(CancellationToken cancellation)
    {
        if (!_lease.IsDue(time.MonotonicNow())) return;
        try
        {
            if (_own is null) await BeginAsync(cancellation).ConfigureAwait(false);
            else await RenewAsync(_own, cancellation).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // What a store throws is its own; the answer to all of it is to try again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _log.StoreFailed(failure);
        }
    }

    /// <summary>Gives the lease back, so that nobody has to wait for its end. To be called when this silo answers for no endpoint any more.</summary>
    public async ValueTask ReleaseAsync(CancellationToken cancellation)
    {
        if (_own is not { } own) return;
        End();
        await store.WriteSiloAsync(own.Row with { IsOver = true }, own.Version, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask<bool> IsOverAsync(LeaseKey lease, CancellationToken cancellation)
    {
        if (WasReadJustNow(lease.Silo)) return false;
        var read = await store.ReadSiloAsync(lease.Silo, cancellation).ConfigureAwait(false);
        if (read is null || read.Row.Incarnation > lease.Incarnation || read.Row.IsOver) return true;
        if (!MayFence(read.Row)) return false;
        if (await store.WriteSiloAsync(read.Row with { IsOver = true }, read.Version, cancellation).ConfigureAwait(false) is null) return false;
        _log.Fenced(lease.Silo);
        return true;
    }

    /// <summary>A dead silo leaves many endpoints, whose seats all ask at once.</summary>
    private bool WasReadJustNow(string other)
    {
        lock (_gate) return _watches.TryGetValue(other, out var watch) && time.MonotonicNow() - watch.ReadAt < _lookSpacing;
    }

    private bool MayFence(SiloRow row)
    {
        lock (_gate)
        {
            if (!_watches.TryGetValue(row.Silo, out var watch)) _watches.Add(row.Silo, watch = new LeaseWatch());
            return watch.MayFence(row, time.MonotonicNow());
        }
    }

    /// <summary>An earlier process at this address may be alive behind a partition: its lease must be over before the next one begins.</summary>
    private async ValueTask BeginAsync(CancellationToken cancellation)
    {
        var startedAt = time.MonotonicNow();
        var before = await store.ReadSiloAsync(silo, cancellation).ConfigureAwait(false);
        if (before is { Row.IsOver: false } && !_predecessor.MayFence(before.Row, time.MonotonicNow())) return;
        await WriteAsync(new SiloRow(silo, (before?.Row.Incarnation ?? 0) + 1, 1, IsOver: false, _lease.Duration), before?.Version, startedAt, cancellation).ConfigureAwait(false);
    }

    private async ValueTask RenewAsync(Stored<SiloRow> own, CancellationToken cancellation)
    {
        var startedAt = time.MonotonicNow();
        lock (_gate) _lease.Attempt(startedAt);
        if (await WriteAsync(own.Row with { Counter = own.Row.Counter + 1 }, own.Version, startedAt, cancellation).ConfigureAwait(false)) return;

        // Somebody wrote: an earlier attempt of ours that seemed to fail, or who fenced us.
        var now = await store.ReadSiloAsync(silo, cancellation).ConfigureAwait(false);
        if (now is not null && !now.Row.IsOver && now.Row.Incarnation == own.Row.Incarnation)
        {
            lock (_gate) _own = now;
            return;
        }

        End();
        _log.SiloFenced();
    }

    private async ValueTask<bool> WriteAsync(SiloRow row, string? over, TimeSpan startedAt, CancellationToken cancellation)
    {
        if (await store.WriteSiloAsync(row, over, cancellation).ConfigureAwait(false) is not { } version) return false;
        lock (_gate)
        {
            _own = new Stored<SiloRow>(row, version);
            _lease.Attempt(startedAt);
            _lease.Renewed(startedAt);
        }

        return true;
    }

    private void End()
    {
        lock (_gate)
        {
            _own = null;
            _lease.End();
        }
    }
}
