using OrleansPool.Core.Budget;
using OrleansPool.Core.Budget.Store;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Tests.Budget.Model;

/// <summary>
/// A small world in which all that can go wrong does: three hosts and a client that hold connections, two silos that may hold the budget, a store, and a network that loses, delays,
/// reorders and repeats. Holders freeze for as long as the protocol tolerates, silos for any time; both crash and come back. The code is the product's own.
/// </summary>
internal sealed class BudgetModel
{
    /// <summary>The cap moves between this and a half of it.</summary>
    public const int MostCap = 6;
    private const int MostUnderWay = 12;

    /// <summary>The holder that is a client: each of its processes has another name.</summary>
    private const int Client = 3;

    private static readonly double[] _spans = [0.01, 0.05, 0.1, 0.1, 0.25, 0.25, 0.5, 0.5, 1, 2];

    private BudgetSettings _settings = new()
    {
        Endpoint = "orders",
        Cap = MostCap,
        CallsPerChannel = 1,
        Bounds = new LimitBounds(1, MostCap, MostCap),
        TimeToLive = TimeSpan.FromSeconds(5),
        FreezeTolerance = TimeSpan.FromSeconds(4),
        SeverLead = TimeSpan.FromSeconds(1),
        IdleAfter = TimeSpan.FromSeconds(3),
        LeastPermitsPerHolder = 1,
    };

    private readonly Rule? _without;
    private readonly ModelClock _clock = new();
    private readonly Dice _dice = new();
    private readonly InMemoryBudgetStore _store = new();
    private readonly ModelSilo[] _silos = new ModelSilo[2];
    private readonly List<ModelHolder> _holders = [];
    private readonly List<(ModelSilo To, RenewRequest Request)> _requests = [];
    private readonly List<(ModelHolder To, RenewReply Reply)> _replies = [];
    private readonly List<ModelStore> _stores = [];
    private long _generation;
    private long _number = 1_000_000;
    private int _bound = MostCap;
    private string? _violation;

    public BudgetModel(Rule? without = null)
    {
        _without = without;
        for (var i = 0; i < _silos.Length; i++) StartSilo(i);
        for (var i = 0; i <= Client; i++) _holders.Add(NewHolder(i));
    }

    public ModelTotals Totals { get; } = new();

    public int OpenConnections
    {
        get
        {
            var open = 0;
            foreach (var holder in _holders) open += holder.Open;
            return open;
        }
    }

    private TimeSpan Now => _clock.Now;

    /// <summary>One step; the number says which.</summary>
    public void Apply(int number)
    {
        _dice.Take(number);
        var kind = _dice.Below(1000);
        if (kind < 220) Pass(TimeSpan.FromSeconds(_spans[_dice.Below(_spans.Length)]));
        else if (kind < 440) Send();
        else if (kind < 640) DeliverRequest();
        else if (kind < 820) DeliverReply();
        else if (kind < 930) UseConnections();
        else if (kind < 970) _dice.Of(_stores).Advance();
        else if (kind < 983) FreezeOrWakeHolder();
        else if (kind < 985) GiveOrder();
        else if (kind < 989) EndHolder();
        else Disturb(kind);
        Totals.MostOpen = Math.Max(Totals.MostOpen, OpenConnections);
        if (_violation is not null) throw new CapExceededException(_violation);
        if (OpenConnections > _bound) throw new CapExceededException($"{OpenConnections} connections are open with a cap of {_bound}");
    }

    private void Disturb(int kind)
    {
        var index = _dice.Below(_silos.Length);
        if (kind < 991) _silos[index].IsFrozen = true;
        else if (kind < 992) ChangeCap();
        else if (kind < 993) StartSilo(index);
        else if (kind < 996) _silos[index].Release();
        else if (kind < 998) _silos[index].Seat.HolderDied(_dice.Of(_holders).Name, _generation);
        else foreach (var silo in _silos) silo.Store.IsAway = _dice.Chance(15);
    }

    /// <summary>Stops at every moment at which a running holder has to act; one that stands still does so for as long as is tolerated at most.</summary>
    private void Pass(TimeSpan span)
    {
        for (var end = Now + span; ;)
        {
            var next = end;
            foreach (var holder in _holders)
            {
                var change = holder.FrozenAt is { } since ? since + _settings.FreezeTolerance - Now : holder.NextChange(Now);
                if (change < next - Now) next = Now + change;
            }

            _clock.Now = next;
            foreach (var holder in _holders)
            {
                if (holder.FrozenAt is { } since && Now - since >= _settings.FreezeTolerance) holder.FrozenAt = null;
                if (holder.FrozenAt is null) holder.Look(Now);
            }

            if (next == end) break;
        }

        foreach (var silo in _silos)
        {
            silo.IsFrozen &= _dice.Chance(95);
            if (!silo.IsFrozen && _dice.Chance(90)) silo.Tick(alsoSeat: _dice.Chance(50));
        }
    }

    private void Send()
    {
        var holder = _dice.Of(_holders);
        if (holder.FrozenAt is not null) return;
        var waiting = _dice.Below(3) * _dice.Below(6);
        var demand = _dice.Chance(15) ? default : new HolderDemand(holder.Open, waiting, 1, 0);
        if (holder.Ask(demand, Now) is not { } request) return;

        // Mostly where the budget is; now and then elsewhere, as with two activations at once.
        var silo = Array.Find(_silos, silo => silo.Seat.IsHeld) is { } holding && _dice.Chance(80) ? holding : _silos[_dice.Below(_silos.Length)];
        if (_dice.Chance(30)) Process(silo, request);
        else _requests.Add((silo, request));
        if (_requests.Count > MostUnderWay) _dice.Draw(_requests);
    }

    private void DeliverRequest()
    {
        if (_requests.Count == 0) return;
        var (silo, request) = _dice.Draw(_requests);
        if (_dice.Chance(15)) _requests.Add((silo, request));
        Process(silo, request);
    }

    private void Process(ModelSilo silo, RenewRequest request)
    {
        if (_dice.Chance(5) || silo.IsFrozen || Array.IndexOf(_silos, silo) < 0) return;
        if (_without == Rule.LatestOnly) request = request with { Number = ++_number };
        var from = _holders.Find(holder => holder.Name == request.Holder && holder.Generation == request.Generation);
        silo.Renew(request, reply =>
        {
            CheckGrant(request, reply, silo.Seat.View());
            if (Array.IndexOf(_silos, silo) < 0 || from is null) return;
            Totals.Grants++;
            if (_dice.Chance(40)) Hear(from, reply);
            else _replies.Add((from, reply));
            if (_replies.Count > MostUnderWay) _dice.Draw(_replies);
        });
    }

    /// <summary>All silos get another cap at the same moment. A higher one holds from then on; a lower one is reached by and by.</summary>
    private void ChangeCap()
    {
        _settings = _settings with { Cap = MostCap - _dice.Below((MostCap / 2) + 1) };
        foreach (var silo in _silos) silo.Seat.Change(_settings, new FixedLaw());
        _bound = Math.Max(_bound, _settings.Cap);
        Totals.Changes++;
    }

    /// <summary>
    /// An operator's word, where the budget is: none may lead beyond the configured cap. A cap that was ordered is no promise beyond the life of the authority that
    /// heard it, so <see cref="_bound"/> does not follow it.
    /// </summary>
    private void GiveOrder()
    {
        if (Array.Find(_silos, silo => silo.Seat.IsHeld) is not { IsFrozen: false } silo) return;
        var verb = (OrderVerb)_dice.Below(Enum.GetValues<OrderVerb>().Length);
        int? number = _dice.Chance(50) ? null : 1 + _dice.Below(2 * MostCap);
        LimitMode? mode = _dice.Chance(50) ? null : (LimitMode)_dice.Below(3);
        silo.Order(new Order(verb, number, mode, IsKept: _dice.Chance(30)));
        Totals.Orders++;
    }

    /// <summary>
    /// Above the cap nobody is granted more than it has; and once no more than the cap is taken, by the ledger of one who has learned all, no more may ever be open.
    /// </summary>
    private void CheckGrant(RenewRequest request, RenewReply reply, BudgetView? after)
    {
        if (after is not { Mode: BudgetMode.Normal } || after.Epoch != reply.Epoch) return;
        if (after.Cap > _settings.Cap) _violation = $"the cap is {after.Cap}, the configured one {_settings.Cap}";
        if (after.ConnectionsTaken <= _settings.Cap && _bound > _settings.Cap) (_bound, Totals.Reached) = (_settings.Cap, Totals.Reached + 1);
        if (request.IsClient && reply.Floor > 0) _violation = "a client was granted a floor";
        var others = after.Holders.Where(holder => holder.Holder != request.Holder).Sum(holder => holder.Connections);
        if (reply.Connections > request.HeldConnections && others + reply.Connections > after.Cap)
            _violation = $"{reply.Connections} were granted to one that has {request.HeldConnections}, others have {others}, with a cap of {after.Cap}";
    }

    private void DeliverReply()
    {
        if (_replies.Count == 0) return;
        var (holder, reply) = _dice.Draw(_replies);
        if (_dice.Chance(15)) _replies.Add((holder, reply));
        Hear(holder, reply);
    }

    private void Hear(ModelHolder holder, RenewReply reply)
    {
        if (_dice.Chance(5) || holder.FrozenAt is not null || !_holders.Contains(holder)) return;
        holder.Hear(reply, Now);
        if (reply.Floor > 0) Totals.Floors++;
        if (holder.IsClient && reply.Connections > 0) Totals.ClientGrants++;
        Totals.Epoch = Math.Max(Totals.Epoch, reply.Epoch);
        if (_dice.Chance(70)) holder.OpenSome(MostCap, Now);
    }

    private void UseConnections()
    {
        var holder = _dice.Of(_holders);
        if (holder.FrozenAt is not null) return;
        if (_dice.Chance(70)) holder.OpenSome(MostCap, Now);
        else holder.CloseSome(1 + _dice.Below(MostCap));
    }

    private void FreezeOrWakeHolder()
    {
        var holder = _dice.Of(_holders);
        if (holder.FrozenAt is null)
        {
            holder.FrozenAt = Now;
            return;
        }

        holder.FrozenAt = null;
        holder.Look(Now);
    }

    /// <summary>A holder crashes, or leaves in good order; a new process takes its place.</summary>
    private void EndHolder()
    {
        var index = _dice.Below(_holders.Count);
        var holder = _holders[index];
        if (_dice.Chance(50))
        {
            holder.CloseSome(MostCap);
            if (holder.FrozenAt is null && holder.Leave(Now) is { } request) _requests.Add((_silos[_dice.Below(_silos.Length)], request));
        }

        Totals.Severed += holder.Severed;
        _holders[index] = NewHolder(index);
    }

    private ModelHolder NewHolder(int index) => ++_generation is var generation && index == Client
        ? new(_settings, $"client-{generation}", generation, _without, isClient: true)
        : new(_settings, $"holder-{index}", generation, _without);

    /// <summary>The silo's process ends, if there was one, and another begins; what the old one sent the store takes place all the same.</summary>
    private void StartSilo(int index)
    {
        var settings = _without == Rule.Reserve ? _settings with { FreezeTolerance = TimeSpan.Zero, Learning = _settings.Learning } : _settings;
        _silos[index] = new ModelSilo($"silo-{index}", settings, _store, _clock, _dice, _without);
        _stores.Add(_silos[index].Store);
        if (_stores.Count > 6) _stores.RemoveAt(0);
    }
}
