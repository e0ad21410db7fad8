using Microsoft.Extensions.Logging;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;
using OrleansPool.Core.Model;

namespace OrleansPool.Core.Budget.Store;

/// <summary>
/// The place from which this process answers for one endpoint: takes the budget over when it is asked to, answers while the silo's lease holds, keeps the
/// store's row true, and hands over when it is released. There must be one seat per endpoint and process, however often activations come and go; two
/// processes may hold seats at once, of which one can answer. Thread-safe.
/// </summary>
/// <remarks>
/// Taking over: an endpoint that never had an owner, or whose owner handed over, is dealt from at once. Otherwise the old owner's lease must be over first
/// (rule fence_wait), and the new authority learns (rule learning). The row's compare-and-set decides between two that try at once.
/// </remarks>
public sealed class BudgetSeat(BudgetSettings initial, ILimitLaw initialLaw, ISiloLease lease, IBudgetStore store, TimeProvider time, ILogger<BudgetSeat> logger) : IDisposable
{
    private static readonly TimeSpan _leastSpacing = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _mostSpacing = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _takeOverSpacing = TimeSpan.FromMilliseconds(500);

    /// <summary>Every holder with anything renews within 10 s: if none did for longer, they ask elsewhere, and who is asked there waits for this seat.</summary>
    private static readonly TimeSpan _unaskedFor = TimeSpan.FromSeconds(15);

    /// <summary>A limit that moves less is not worth a write.</summary>
    private const double WorthWriting = 0.05;

    private readonly BudgetSeatLog _log = new(logger, initial.Endpoint);
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _storing = new(1);
    private BudgetSettings _settings = initial;
    private ILimitLaw _law = initialLaw;
    private BudgetAuthority? _authority;
    private LeaseKey _owner;
    private Stored<EndpointRow>? _row;
    private Stored<EndpointRow>? _leaving;
    private TimeSpan _writtenAt;
    private TimeSpan _askedAt;
    private bool _isShort;
    private TimeSpan _triedAt = -_takeOverSpacing;

    /// <summary>True while this process has the budget; whether it may answer now is another question.</summary>
    public bool IsHeld
    {
        get
        {
            lock (_gate) return _authority is not null;
        }
    }

    /// <summary>Answers a holder. Null while the budget cannot be dealt from here: it is being taken over, or the silo's lease on the store is over.</summary>
    public async ValueTask<RenewReply?> RenewAsync(RenewRequest request, CancellationToken cancellation)
    {
        if (MayTakeOver()) await TryTakeOverAsync(cancellation).ConfigureAwait(false);
        lock (_gate)
        {
            _askedAt = time.MonotonicNow();
            return Answering()?.Renew(request, _askedAt);
        }
    }

    /// <summary>
    /// Keeps the row true, at most one write in 10 s; gives up what was lost, and hands over what nobody asks for here. To be called about every second.
    /// Never throws.
    /// </summary>
    public async ValueTask TickAsync(CancellationToken cancellation)
    {
        TellIfShort();
        if (!IsWriteDue() || !await _storing.WaitAsync(TimeSpan.Zero, cancellation).ConfigureAwait(false)) return;
        try
        {
            if (IsUnasked()) Vacate();
            if (_leaving is null) await SaveAsync(cancellation).ConfigureAwait(false);
            else await HandOverAsync(cancellation).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // What a store throws is its own; the answer to all of it is to try again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _log.StoreFailed(failure);
        }
        finally
        {
            _storing.Release();
        }
    }

    /// <summary>Answers by these settings and this law from now on, and when it takes the budget over again; the times of the protocol stay.</summary>
    public void Change(BudgetSettings settings, ILimitLaw law)
    {
        lock (_gate)
        {
            _settings = _settings with { Cap = settings.Cap, MinConnections = settings.MinConnections, Bounds = settings.Bounds, Mode = settings.Mode };
            _law = law;
            _authority?.Change(_settings, law, time.MonotonicNow());
        }
    }

    /// <summary>An operator's order: in force when this completes; what the store has to know of it is written at once.</summary>
    public async ValueTask<OrderOutcome> OrderAsync(Order order, CancellationToken cancellation)
    {
        if (MayTakeOver()) await TryTakeOverAsync(cancellation).ConfigureAwait(false);
        lock (_gate)
        {
            if (Answering() is not { } authority) return OrderOutcome.NobodyAnswers;
            authority.Take(order, time.MonotonicNow());
            if (!AreOrdersUnwritten) return order.IsKept ? OrderOutcome.Stored : OrderOutcome.InForce;
        }

        return await TryStoreOrdersAsync(cancellation).ConfigureAwait(false) ? OrderOutcome.Stored : OrderOutcome.NotStored;
    }

    /// <summary>Membership declared a holder dead.</summary>
    public void HolderDied(string holder, long generation)
    {
        lock (_gate) _authority?.HolderDied(holder, generation, time.MonotonicNow());
    }

    /// <summary>The budget as it is seen from here; null while it is not held here.</summary>
    public BudgetView? View()
    {
        lock (_gate)
        {
            var view = _authority?.View(time.MonotonicNow());
            return view is null || Answering() is not null ? view : view with { Mode = BudgetMode.Safe };
        }
    }

    /// <summary>
    /// Stops answering and hands the ledger over, so that the next one needs neither wait nor learn. Throws when the store cannot be reached; later ticks then
    /// try again. A later <see cref="RenewAsync"/> takes the budget back.
    /// </summary>
    public async ValueTask ReleaseAsync(CancellationToken cancellation)
    {
        await _storing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            Vacate();
            if (_leaving is not null) await HandOverAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _storing.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _storing.Dispose();

    /// <summary>Rule store_lease: an authority answers only while the lease under which it took the budget holds.</summary>
    private BudgetAuthority? Answering() => lease.Current == _owner ? _authority : null;

    private bool MayTakeOver()
    {
        lock (_gate)
        {
            var now = time.MonotonicNow();
            if (_authority is not null || now < _triedAt + _takeOverSpacing) return false;
            _triedAt = now;
            return true;
        }
    }

    private async ValueTask TryTakeOverAsync(CancellationToken cancellation)
    {
        if (!await _storing.WaitAsync(TimeSpan.Zero, cancellation).ConfigureAwait(false)) return;
        try
        {
            if (!IsHeld && lease.Current is { } mine) await TakeOverAsync(mine, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _storing.Release();
        }
    }

    private async ValueTask TakeOverAsync(LeaseKey mine, CancellationToken cancellation)
    {
        var before = await store.ReadEndpointAsync(_settings.Endpoint, cancellation).ConfigureAwait(false);
        if (before?.Row.Owner is { } owner && owner != mine && !await lease.IsOverAsync(owner, cancellation).ConfigureAwait(false)) return;
        var row = (before?.Row ?? new EndpointRow { Endpoint = _settings.Endpoint, Epoch = 0 }) with { Owner = mine, MustLearn = false, Epoch = (before?.Row.Epoch ?? 0) + 1 };
        if (await store.WriteEndpointAsync(row, before?.Version, cancellation).ConfigureAwait(false) is not { } version) return;
        Seat(new Stored<EndpointRow>(row, version), mustLearn: before?.Row is { Owner: not null } or { MustLearn: true });
    }

    private void Seat(Stored<EndpointRow> row, bool mustLearn)
    {
        lock (_gate)
        {
            var now = time.MonotonicNow();
            var controller = new LimitController(_law, _settings.Bounds, now, row.Row.Memory, _settings.Mode);
            _authority = new BudgetAuthority(_settings, controller, row.Row.Epoch, now, mustLearn, row.Row.Holders, mustRecord: true, row.Row.Orders);
            (_row, _owner, _writtenAt, _askedAt, _leaving) = (row, row.Row.Owner!.Value, now, now, null);
        }

        _log.Taken(row.Row.Epoch, mustLearn ? _settings.Reserve : TimeSpan.Zero);
    }

    private void TellIfShort()
    {
        lock (_gate)
        {
            var wanted = _authority?.MinimumsWanted(time.MonotonicNow()) ?? 0;
            var isShort = _authority is not null && wanted > _authority.Cap;
            if (isShort && !_isShort) _log.MinimumsBeyondCap(wanted, _authority!.Cap);
            _isShort = isShort;
        }
    }

    private bool IsWriteDue()
    {
        lock (_gate)
        {
            if (_leaving is not null) return true;
            if (_authority is null || LoseIfLost()) return false;
            var since = time.MonotonicNow() - _writtenAt;
            return since >= _mostSpacing || IsUnasked() || (since >= _leastSpacing && (_authority.HasNewFloors || AreOrdersUnwritten || HasMoved(_authority)));
        }
    }

    private bool IsUnasked()
    {
        lock (_gate) return _authority is not null && time.MonotonicNow() - _askedAt >= _unaskedFor;
    }

    /// <summary>A lease that was followed by another is over for good, and the budget may be anybody's by now.</summary>
    private bool LoseIfLost()
    {
        if (lease.Current is not { } current || current == _owner) return false;
        Lose();
        return true;
    }

    private bool AreOrdersUnwritten => _authority is { } authority && authority.KeptOrders != (_row?.Row.Orders ?? Orders.None);

    private async ValueTask<bool> TryStoreOrdersAsync(CancellationToken cancellation)
    {
        await _storing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await SaveAsync(cancellation).ConfigureAwait(false);
            lock (_gate) return _authority is not null && !AreOrdersUnwritten;
        }
#pragma warning disable CA1031 // What a store throws is its own; the next ticks try again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _log.StoreFailed(failure);
            return false;
        }
        finally
        {
            _storing.Release();
        }
    }

    private bool HasMoved(BudgetAuthority authority) =>
        _row?.Row.Memory is not { } written || Math.Abs(authority.Remember().Limit - written.Limit) > WorthWriting * written.Limit;

    private async ValueTask SaveAsync(CancellationToken cancellation)
    {
        if (Compose() is not { } next) return;
        if (await store.WriteEndpointAsync(next.Row, next.Version, cancellation).ConfigureAwait(false) is { } version) Saved(next.Row, version);
        else await LookAgainAsync(cancellation).ConfigureAwait(false);
    }

    private Stored<EndpointRow>? Compose()
    {
        lock (_gate)
        {
            if (_authority is not { } authority || _row is not { } row) return null;
            var now = time.MonotonicNow();
            _writtenAt = now;
            return row with { Row = row.Row with { Memory = authority.Remember(), Holders = authority.Records(now), Orders = authority.KeptOrders } };
        }
    }

    private void Saved(EndpointRow row, string version)
    {
        lock (_gate)
        {
            if (_authority is null) return;
            _row = new Stored<EndpointRow>(row, version);
            _authority.Recorded(row.Holders);
        }
    }

    /// <summary>Somebody wrote the row: an earlier attempt of ours that seemed to fail, or who took over.</summary>
    private async ValueTask LookAgainAsync(CancellationToken cancellation)
    {
        var now = await store.ReadEndpointAsync(_settings.Endpoint, cancellation).ConfigureAwait(false);
        lock (_gate)
        {
            if (_authority is null) return;
            if (now is not null && now.Row.Epoch == _authority.Epoch && now.Row.Owner == _owner) Saved(now.Row, now.Version);
            else Lose();
        }
    }

    private void Lose()
    {
        _log.Lost(_authority!.Epoch);
        (_authority, _row) = (null, null);
    }

    /// <summary>Stops answering, and composes the row to leave behind. Who is still learning does not know all that was dealt: the next one must learn as well.</summary>
    private void Vacate()
    {
        lock (_gate)
        {
            if (_authority is not { } authority || _row is not { } row) return;
            var now = time.MonotonicNow();
            _leaving = row with
            {
                Row = row.Row with { Owner = null, MustLearn = authority.IsLearning(now), Memory = authority.Remember(), Holders = authority.Records(now), Orders = authority.KeptOrders },
            };
            (_authority, _row) = (null, null);
        }
    }

    /// <summary>Writes what was left. When somebody wrote before, it is no longer ours to hand over, unless that was an earlier attempt of our own.</summary>
    private async ValueTask HandOverAsync(CancellationToken cancellation)
    {
        var left = _leaving!;
        var isWritten = await store.WriteEndpointAsync(left.Row, left.Version, cancellation).ConfigureAwait(false) is not null;
        var now = isWritten ? null : await store.ReadEndpointAsync(_settings.Endpoint, cancellation).ConfigureAwait(false);
        _leaving = now is not null && now.Row.Epoch == left.Row.Epoch && now.Row.Owner == _owner ? left with { Version = now.Version } : null;
    }
}
